import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Application } from '../../jobs/application.ts'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import type { Voice } from '../../novel/voice.ts'
import { SpeechQueue } from '../../playback/text-to-speech/speech-queue.ts'
import { streamSpeech, type TextToSpeech } from '../../playback/text-to-speech/text-to-speech.ts'
import type { ApiServer } from '../api-server.ts'
import {
  maxCharacters,
  model,
  modelNames,
  modelParams,
  models,
  openAiVoices,
  speechFailure,
  speechRequest,
  speechTypes,
  speechVoices,
  speechVoicesQuery,
} from '../contract/openai-speech-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { failureStatus, handleFailures } from '../protocol/failure-responses.ts'
import { fileResponseOr } from '../protocol/openapi.ts'
import { forwardToSpeakers } from '../protocol/request-forwarding.ts'

type SpeechRouteParts = TextToSpeech & Pick<Application, 'pool' | 'servers'>

const tags = ['speech']
/** Body limit: the longest input with every character escaped, plus the other fields. */
const requestBytes = 6 * maxCharacters + 64 * 1024

/**
 * The OpenAI-compatible speech API: `/v1/audio/speech`, `/v1/audio/voices`, `/v1/models`. An API key in the request,
 * which many clients insist on, is ignored.
 */
export async function openAiSpeechRoutes(
  app: ApiServer,
  context: SpeechRouteParts,
  closing: AbortSignal,
): Promise<void> {
  const queue = new SpeechQueue(() => Math.max(1, context.pool.size))
  await app.register(
    async (v1: ApiServer) => {
      handleFailures(v1, requestBytes, sendOpenAiFailure)
      v1.setNotFoundHandler((_request, reply) => sendOpenAiFailure(reply, new Failure('request.not-found')))
      speechRoute(v1, context, queue, closing)
      voicesRoute(v1, context)
      modelRoutes(v1)
    },
    { prefix: '/v1' },
  )
}

function speechRoute(
  v1: ApiServer,
  context: SpeechRouteParts,
  queue: SpeechQueue,
  closing: AbortSignal,
): void {
  v1.post(
    '/audio/speech',
    {
      bodyLimit: requestBytes,
      preHandler: forwardToSpeakers(context, closing),
      schema: {
        tags,
        summary: 'A text spoken, streamed from its first sentence on',
        description: 'A stream that breaks off is a failure: what is missing could not be spoken.',
        body: speechRequest,
        response: fileResponseOr(speechFailure, ...Object.values(speechTypes), 'text/event-stream'),
      },
    },
    (request, reply) => {
      const { input, response_format: format, speed, stream_format: streamed } = request.body
      refuseUnknownModel(request.body.model)
      if (input.length > maxCharacters) {
        throw new Failure('speech.too-long', { characters: input.length, most: maxCharacters })
      }
      const { voice: wanted } = request.body
      const voice = voiceByName(context, typeof wanted === 'string' ? wanted : wanted.id)
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const text = { text: input, voice, speed: Math.min(2, Math.max(0.5, speed)), format }
      const audio = streamSpeech(context, text, queue.addClient(signal), signal)
      const type = streamed === 'sse' ? 'text/event-stream; charset=utf-8' : speechTypes[format]
      // An error before the first bytes gets a failure response; after them the connection is cut.
      reply
        .type(type)
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(Readable.from(streamed === 'sse' ? asServerSentEvents(audio) : audio, { objectMode: false }))
    },
  )
}

function voicesRoute(v1: ApiServer, context: Pick<TextToSpeech, 'voices'>): void {
  v1.get(
    '/audio/voices',
    {
      schema: {
        tags,
        summary: 'The voices that can speak now',
        querystring: speechVoicesQuery,
        response: { 200: speechVoices, '4xx': speechFailure },
      },
    },
    async ({ query: { language, limit, offset } }) => {
      const voices = context.voices.speaking(language).slice(offset, offset + limit)
      return { voices: voices.map((one) => ({ ...one, default: context.voices.isDefault(one) })) }
    },
  )
}

function modelRoutes(v1: ApiServer): void {
  const created = Math.floor(Date.now() / 1000 - process.uptime())
  const view = (id: string) => ({ id, object: 'model' as const, created, owned_by: 'nightjar' })
  v1.get(
    '/models',
    {
      schema: {
        tags,
        summary: 'The names that the one model answers to',
        response: { 200: models, '4xx': speechFailure, '5xx': speechFailure },
      },
    },
    () => ({ object: 'list' as const, data: modelNames.map(view) }),
  )
  v1.get(
    '/models/:id',
    {
      schema: {
        tags,
        summary: 'One of these names',
        params: modelParams,
        response: { 200: model, '4xx': speechFailure },
      },
    },
    ({ params: { id } }) => {
      refuseUnknownModel(id)
      return view(id)
    },
  )
}

function refuseUnknownModel(name: string): void {
  if (!modelNames.some((known) => known === name)) throw new Failure('speech.no-model', { model: name })
}

/** Finds a voice by its id, its name, or one of OpenAI’s voice names. Throws `voice.unknown`, `voice.none`, `speech.no-machine`, `speech.no-worker`. */
function voiceByName({ voices }: Pick<TextToSpeech, 'voices'>, wanted: string): Voice {
  voices.requireVoices()
  const name = wanted.toLowerCase()
  const found =
    voices.all.find(({ id }) => id === wanted) ?? voices.all.find((one) => one.name.toLowerCase() === name)
  if (found) return found
  if (!openAiVoices.has(name)) throw new Failure('voice.unknown', { voice: wanted })
  const english = voices.ofNovel({ voice: null, language: 'en' })
  if (!english) throw new Failure('voice.none', { language: 'English' })
  return english
}

async function* asServerSentEvents(audio: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const bytes of audio) {
    yield serverSentEvent({ type: 'speech.audio.delta', audio: Buffer.from(bytes).toString('base64') })
  }
  // Clients expect usage figures.
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  yield serverSentEvent({ type: 'speech.audio.done', usage })
}

function serverSentEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

/** The request field that a failure refers to, unless its details name one. */
const failureFields: Readonly<Partial<Record<FailureCode, string>>> = {
  'speech.nothing-to-speak': 'input',
  'speech.no-sentences': 'input',
  'speech.too-long': 'input',
  'speech.no-model': 'model',
  'voice.none': 'voice',
  'voice.silent': 'voice',
  'voice.unknown': 'voice',
}

/** Sends a failure in the format of OpenAI’s API. */
function sendOpenAiFailure(reply: FastifyReply, failure: Failure): FastifyReply {
  // Clients take 404 for a missing endpoint.
  const status = failure.code === 'voice.unknown' ? 400 : failureStatus(failure)
  const { seconds, field } = failure.details
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({
      error: {
        message: failure.message,
        type: openAiErrorType(status),
        code: failure.code,
        param: field === undefined ? (failureFields[failure.code] ?? null) : String(field),
      },
    })
}

function openAiErrorType(status: number): string {
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
