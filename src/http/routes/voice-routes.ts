import { z } from 'zod'
import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import type { VoiceChangeParts } from '../../jobs/voices/voice-changes.ts'
import { changeVoice, removeInstalledVoice } from '../../jobs/voices/voice-installation.ts'
import { estimatesWordTimes, sharesModel, speakerOf, styleBytesOf } from '../../novel/installed-voice.ts'
import type { Voice as VoiceNoun } from '../../novel/voice.ts'
import { synthesizeSample } from '../../playback/text-to-speech/text-to-speech.ts'
import { novelsWithVoice } from '../../storage/queries/voice-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, pageQuery } from '../contract/field-contract.ts'
import {
  sampleRequest,
  voiceParams,
  voice,
  type Voice,
  voicePatch,
  voiceUse,
} from '../contract/voice-contract.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { forwardToSpeakers } from '../protocol/request-forwarding.ts'

type VoiceRouteParts = VoiceChangeParts & Pick<Application, 'backends' | 'objects' | 'pool' | 'servers'>

const tags = ['voices']
const voicesQuery = pageQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  language: z.string().max(20).optional().describe('only voices of this language, e.g. vi'),
})
const oneVoice = z.object({ success: z.literal(true), voice })
const uses = z.object({ success: z.literal(true), novels: z.array(voiceUse) })

/** A voice as the list shows it. */
export function viewVoice({ voices }: Pick<Application, 'voices'>, one: VoiceNoun): Voice {
  const installed = voices.installed(speakerOf(one.id).base)
  return {
    ...one,
    speakers: one.speakers && [...one.speakers],
    default: voices.isDefault(one),
    source: installed?.source ?? (one.engine === 'server' ? 'server' : 'built-in'),
    ...(installed && {
      licence: installed.licence ?? null,
      bytes: sharesModel(installed.family) ? styleBytesOf(installed.family) : installed.bytes,
      ...(estimatesWordTimes(installed.family) && { wordTimes: 'estimated' as const }),
      ...(installed.cost !== undefined && { cost: installed.cost }),
      ...(installed.weights !== undefined && { weights: installed.weights }),
      ...(installed.blend !== undefined && { blend: [...installed.blend] }),
      ...(installed.quality !== undefined && { quality: installed.quality }),
    }),
  }
}

export function voiceRoutes(app: ApiServer, application: VoiceRouteParts, closing: AbortSignal): void {
  app.get(
    '/api/voices',
    {
      schema: {
        tags,
        summary: 'The voices that can speak now',
        querystring: voicesQuery,
        response: { 200: z.object({ success: z.literal(true), voices: z.array(voice) }), '4xx': failure },
      },
    },
    async (request) => {
      const { language, limit, offset } = request.query
      const voices = application.voices
        .speaking(language)
        .slice(offset, offset + limit)
        .map((one) => viewVoice(application, one))
      return { success: true as const, voices }
    },
  )

  app.patch(
    '/api/voices/:id',
    {
      schema: {
        tags,
        summary: 'Rename an installed voice, or make a voice the default of a language',
        params: voiceParams,
        body: voicePatch,
        response: { 200: oneVoice, '4xx': failure },
      },
    },
    async (request) => {
      const { default: isDefault, defaultFor, ...names } = request.body
      await changeVoice(application, request.params.id, {
        ...names,
        ...(isDefault && { defaultFor: defaultFor ?? application.voices.byId(request.params.id).language }),
      })
      return {
        success: true as const,
        voice: viewVoice(application, application.voices.byId(request.params.id)),
      }
    },
  )

  app.get(
    '/api/voices/:id/uses',
    {
      schema: {
        tags,
        summary: 'The novels that are spoken by this voice unless told otherwise',
        params: voiceParams,
        response: { 200: uses, '4xx': failure },
      },
    },
    async (request) => {
      const { id } = application.voices.byId(request.params.id)
      return { success: true as const, novels: await novelsWithVoice(application.db, eyesOf(request), id) }
    },
  )

  app.delete(
    '/api/voices/:id',
    {
      schema: {
        tags,
        summary: 'Remove an installed voice; what it has spoken stays. Tells the novels that had it',
        params: voiceParams,
        response: { 200: uses, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      novels: await removeInstalledVoice(application, request.params.id, eyesOf(request)),
    }),
  )

  app.post(
    '/api/voices/:id/sample',
    {
      preHandler: forwardToSpeakers(application, closing),
      schema: {
        tags,
        summary: 'A spoken sample, as audio/mp4',
        params: voiceParams,
        body: sampleRequest.nullish(),
        'x-optional-body': true,
        response: fileResponse('audio/mp4'),
      },
    },
    async (request, reply) => {
      const sample = await synthesizeSample(application, request.params.id, request.body ?? {})
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(Buffer.from(sample))
    },
  )
}
