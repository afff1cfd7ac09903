import { viewSaid } from '../views/said-view.ts'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { offeredSample, voiceCard, voiceOffers } from '../../jobs/voices/voice-offers.ts'
import { estimatesWordTimes } from '../../novel/installed-voice.ts'
import type { VoiceInstall } from '../../novel/installed-voice.ts'
import { listInstalls } from '../../storage/queries/voice-queries.ts'
import { sourceName } from '../../storage/voices/voice-source.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, pageQuery } from '../contract/field-contract.ts'
import {
  voiceParams,
  card,
  catalogueLanguage,
  catalogueVoice,
  install,
  type Install,
  installParams,
  installRequest,
  voiceCatalogueQuery,
} from '../contract/voice-contract.ts'
import { fileResponse } from '../protocol/openapi.ts'

const tags = ['voices']
const oneInstall = z.object({ success: z.literal(true), install })

export async function viewInstall(
  application: Pick<Application, 'installer'>,
  row: VoiceInstall,
): Promise<Install> {
  const [view] = await viewInstalls(application, [row])
  if (!view) throw new Error('each install has a view')
  return view
}

async function viewInstalls(
  { installer }: Pick<Application, 'installer'>,
  rows: readonly VoiceInstall[],
): Promise<Install[]> {
  const bytesDone = await installer.bytesDone(rows)
  return rows.map(({ id, voiceId, name, status, bytesTotal, errorMessage, createdAt }) => ({
    id,
    voiceId,
    name,
    status,
    bytesDone: bytesDone.get(id) ?? 0,
    bytesTotal,
    errorMessage: errorMessage ?? null,
    ...viewSaid('errorSaid', errorMessage),
    createdAt,
  }))
}

export function voiceInstallRoutes(
  app: ApiServer,
  application: Pick<Application, 'catalogue' | 'db' | 'installer' | 'voiceSource' | 'voices'>,
  closing: AbortSignal,
): void {
  const { installer } = application

  app.get(
    '/api/voices/catalogue',
    {
      schema: {
        tags,
        summary: 'The voices that can be installed; the languages of the shelf first',
        querystring: voiceCatalogueQuery,
        response: {
          200: z.object({
            success: z.literal(true),
            source: z.string().describe('where they come from'),
            total: z.number().int(),
            voices: z.array(catalogueVoice),
            languages: z.array(catalogueLanguage),
          }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { limit, offset, ...query } = request.query
      const { offers, languages } = await voiceOffers(application, query)
      return {
        success: true as const,
        source: sourceName(application.voiceSource),
        total: offers.length,
        voices: offers.slice(offset, offset + limit).map(({ voice, installed, installing, sizes }) => ({
          ...voice,
          sizes: [...sizes],
          ...(estimatesWordTimes(voice.family) && { wordTimes: 'estimated' as const }),
          licence: voice.licence ?? null,
          installed,
          installing: installing ?? null,
        })),
        languages: [...languages],
      }
    },
  )

  app.get(
    '/api/voices/catalogue/:id/card',
    {
      schema: {
        tags,
        summary: 'A voice’s own description and licence, from where it comes',
        params: voiceParams,
        response: { 200: z.object({ success: z.literal(true), card }), '4xx': failure, 502: failure },
      },
    },
    async (request) => {
      const found = await voiceCard(
        application,
        request.params.id,
        AbortSignal.any([closing, request.signal]),
      )
      return {
        success: true as const,
        card: { text: found?.text ?? null, licence: found?.licence ?? null },
      }
    },
  )

  app.get(
    '/api/voices/catalogue/:id/sample',
    {
      schema: {
        tags,
        summary: 'How a voice sounds before it is installed (MP3), from where it comes',
        params: voiceParams,
        response: fileResponse('audio/mpeg'),
      },
    },
    async (request, reply) => {
      const sample = await offeredSample(
        application,
        request.params.id,
        AbortSignal.any([closing, request.signal]),
      )
      return reply
        .type('audio/mpeg')
        .header('cache-control', 'private, max-age=86400')
        .send(Buffer.from(sample))
    },
  )

  app.post(
    '/api/voices/install',
    {
      schema: {
        tags,
        summary: 'Install a voice of the catalogue in the background; asking twice is asking once',
        body: installRequest,
        response: {
          202: z.object({ success: z.literal(true), installId: z.uuid(), install }),
          '4xx': failure,
        },
      },
    },
    async (request, reply) => {
      const accepted = await installer.request(request.body.id, request.body.weights)
      return reply
        .code(202)
        .header('location', `${request.basePath}/api/voices/installs/${accepted.id}`)
        .send({ success: true, installId: accepted.id, install: await viewInstall(application, accepted) })
    },
  )

  app.get(
    '/api/voices/installs',
    {
      schema: {
        tags,
        summary: 'What is being installed and what was, the latest first',
        querystring: pageQuery,
        response: {
          200: z.object({ success: z.literal(true), installs: z.array(install) }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { limit, offset } = request.query
      const rows = await listInstalls(application.db, limit, offset)
      return { success: true as const, installs: await viewInstalls(application, rows) }
    },
  )

  app.get(
    '/api/voices/installs/:installId',
    {
      schema: {
        tags,
        summary: 'How far an install is',
        params: installParams,
        response: { 200: oneInstall, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      install: await viewInstall(application, await installer.byId(request.params.installId)),
    }),
  )

  app.post(
    '/api/voices/installs/:installId/cancel',
    {
      schema: {
        tags,
        summary: 'Stop an install; nothing of it is kept',
        params: installParams,
        response: { 200: oneInstall, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      install: await viewInstall(application, await installer.cancel(request.params.installId)),
    }),
  )
}
