import { z } from 'zod'
import { novelsWithVoice } from '../database/voices.ts'
import { changeVoice, removeInstalledVoice } from '../generation/change-voice.ts'
import type { Application } from '../generation/studio.ts'
import { synthesizeSample } from '../listening/sample.ts'
import { speakerOf } from '../novel/installed-voice.ts'
import type { Voice as VoiceNoun } from '../novel/voice.ts'
import { failure, pageQuery, sampleRequest, voiceParams } from './contract.ts'
import { fileResponse } from './documented-answers.ts'
import type { ApiServer } from './door.ts'
import { voiceUse, voice, type Voice, voicePatch } from './voice-contract.ts'

const tags = ['voices']
const voicesQuery = pageQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  language: z.string().max(20).optional().describe('only voices of this language, e.g. vi'),
})
const oneVoice = z.object({ success: z.literal(true), voice })
const uses = z.object({ success: z.literal(true), novels: z.array(voiceUse) })

/** A voice as the list shows it. */
export function viewVoice({ voices }: Application, one: VoiceNoun): Voice {
  const installed = voices.installed(speakerOf(one.id).base)
  return {
    ...one,
    speakers: one.speakers && [...one.speakers],
    default: voices.isDefault(one),
    source: installed?.source ?? (one.engine === 'server' ? 'server' : 'built-in'),
    ...(installed && {
      licence: installed.licence ?? null,
      bytes: installed.bytes,
      ...(installed.quality !== undefined && { quality: installed.quality }),
    }),
  }
}

export function voiceRoutes(app: ApiServer, studio: Application): void {
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
      const voices = studio.voices
        .speaking(language)
        .slice(offset, offset + limit)
        .map((one) => viewVoice(studio, one))
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
      const { default: standard, defaultFor, ...names } = request.body
      await changeVoice(studio, request.params.id, {
        ...names,
        ...(standard && { defaultFor: defaultFor ?? studio.voices.byId(request.params.id).language }),
      })
      return { success: true as const, voice: viewVoice(studio, studio.voices.byId(request.params.id)) }
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
      const { id } = studio.voices.byId(request.params.id)
      return { success: true as const, novels: await novelsWithVoice(studio.db, id) }
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
    async (request) => ({ success: true as const, novels: await removeInstalledVoice(studio, request.params.id) }),
  )

  app.post(
    '/api/voices/:id/sample',
    {
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
      const sample = await synthesizeSample(studio, request.params.id, request.body ?? {})
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(Buffer.from(sample))
    },
  )
}
