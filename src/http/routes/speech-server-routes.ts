import { viewSaid } from '../views/said-view.ts'
import { z } from 'zod'
import { eyesOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { monthOf } from '../../jobs/backends/speech-server-backend.ts'
import {
  addSpeechServer,
  changeSpeechServer,
  refreshServerVoices,
  removeSpeechServer,
  type SpeechServerParts,
} from '../../jobs/backends/speech-server-registry.ts'
import { charactersUsed, type RegisteredServer } from '../../storage/queries/speech-server-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, removal } from '../contract/field-contract.ts'
import {
  speechServer,
  speechServerParams,
  speechServerPatch,
  speechServerPost,
  type SpeechServerView,
  voiceUse,
} from '../contract/voice-contract.ts'

const tags = ['voices']
const oneServer = z.object({ success: z.literal(true), server: speechServer })

/** A server without its API key. */
export async function viewServer(
  application: Pick<Application, 'db' | 'serverBackends'>,
  known: RegisteredServer,
): Promise<SpeechServerView> {
  const { name, title, address, key, model, parallel, charactersPerRequest } = known.server
  const now = Date.now()
  const { state, message, nextTryAt } = application.serverBackends.stateOf(name, now)
  return {
    name,
    title,
    address,
    hasKey: key !== undefined,
    model,
    parallel,
    charactersPerRequest,
    charactersPerMonth: known.server.charactersPerMonth ?? null,
    charactersThisMonth: await charactersUsed(application.db, name, monthOf(now)),
    pcmRate: known.server.pcmRate ?? null,
    voices: [...known.voices],
    voicesListed: known.voicesListed,
    state,
    message: message ?? null,
    ...viewSaid('messageSaid', message),
    nextTryAt: nextTryAt === undefined ? null : new Date(nextTryAt).toISOString(),
  }
}

export function speechServerRoutes(app: ApiServer, application: SpeechServerParts): void {
  app.get(
    '/api/speech-servers',
    {
      schema: {
        tags,
        summary: 'The speech servers whose voices can be used, and how they are',
        response: {
          200: z.object({ success: z.literal(true), servers: z.array(speechServer) }),
          '4xx': failure,
        },
      },
    },
    async () => {
      const servers = []
      for (const known of application.voices.servers) servers.push(await viewServer(application, known))
      return { success: true as const, servers }
    },
  )

  app.post(
    '/api/speech-servers',
    {
      schema: {
        tags,
        summary: 'Add an OpenAI-compatible speech server; it is asked for its voices unless they are given',
        body: speechServerPost,
        response: { 201: oneServer, '4xx': failure, 502: failure },
      },
    },
    async (request, reply) => {
      const known = await addSpeechServer(application, request.body)
      return reply.code(201).send({ success: true, server: await viewServer(application, known) })
    },
  )

  app.patch(
    '/api/speech-servers/:name',
    {
      schema: {
        tags,
        summary: 'Change a server; what waits for it is tried again at once',
        params: speechServerParams,
        body: speechServerPatch,
        response: { 200: oneServer, '4xx': failure },
      },
    },
    async (request) => {
      const known = await changeSpeechServer(application, request.params.name, request.body)
      return { success: true as const, server: await viewServer(application, known) }
    },
  )

  app.post(
    '/api/speech-servers/:name/voices',
    {
      schema: {
        tags,
        summary: 'Ask a server for its voices again',
        params: speechServerParams,
        response: { 200: oneServer, '4xx': failure, 502: failure },
      },
    },
    async (request) => {
      const known = await refreshServerVoices(application, request.params.name)
      return { success: true as const, server: await viewServer(application, known) }
    },
  )

  app.delete(
    '/api/speech-servers/:name',
    {
      schema: {
        tags,
        summary:
          'Forget a server and its key; what it has spoken stays. Tells the novels that had its voices',
        params: speechServerParams,
        response: {
          200: z.object({ success: z.literal(true), novels: z.array(voiceUse), removal }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { name } = request.params
      const { novels, removal: id } = await removeSpeechServer(application, name, eyesOf(request))
      return { success: true as const, novels, ...(id !== undefined && { removal: id }) }
    },
  )
}
