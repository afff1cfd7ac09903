import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { addBlend, speakBlend } from '../../jobs/voices/voice-blends.ts'
import type { VoiceChangeParts } from '../../jobs/voices/voice-changes.ts'
import { clipFile } from '../../playback/text-to-speech/text-to-speech.ts'
import { calibrationTexts } from '../../speech/quality/calibration.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import { blendRequest, blendSampleRequest, voice } from '../contract/voice-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { viewVoice } from './voice-routes.ts'

/** Voices made of several of Kokoro's. */
export function voiceBlendRoutes(
  app: ApiServer,
  application: VoiceChangeParts & Pick<Application, 'folder' | 'objects' | 'pool'>,
  closing: AbortSignal,
): void {
  app.post(
    '/api/voices/blends/sample',
    {
      schema: {
        tags: ['voices'],
        summary: 'How several of Kokoro’s voices sound as one, as audio/mp4; nothing is kept',
        body: blendSampleRequest,
        response: fileResponse('audio/mp4'),
      },
    },
    async (request, reply) => {
      const { parts, text } = request.body
      const language = application.voices.byId(parts[0]?.voice ?? '').language
      const clip = await speakBlend(application, {
        parts,
        text: text ?? calibrationTexts(language).join(' '),
      })
      const sample = clipFile(clip, 'Kokoro')
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(Buffer.from(sample))
    },
  )

  app.post(
    '/api/voices/blends',
    {
      schema: {
        tags: ['voices'],
        summary: 'Keep several of Kokoro’s voices as one; the same parts are the same voice',
        body: blendRequest,
        response: { 201: z.object({ success: z.literal(true), voice }), '4xx': failure },
      },
    },
    async (request, reply) => {
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { id } = await addBlend(application, request.body, signal)
      const view = viewVoice(application, application.voices.byId(id))
      return reply.code(201).send({ success: true, voice: view })
    },
  )
}
