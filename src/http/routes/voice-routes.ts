import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import type { VoiceChangeParts } from '../../jobs/voices/voice-changes.ts'
import { addUploadedVoice, changeVoice, removeInstalledVoice } from '../../jobs/voices/voice-installation.ts'
import { Failure } from '../../novel/failure.ts'
import { sharesModel, speakerOf } from '../../novel/installed-voice.ts'
import { styleBytes } from '../../novel/kokoro-voices.ts'
import type { Voice as VoiceNoun } from '../../novel/voice.ts'
import { synthesizeSample } from '../../playback/text-to-speech/text-to-speech.ts'
import { receiveFile, type TemporaryFile } from '../../storage/local/temporary-files.ts'
import { novelsWithVoice } from '../../storage/queries/voice-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, pageQuery } from '../contract/field-contract.ts'
import {
  sampleRequest,
  voiceParams,
  voice,
  type Voice,
  voiceName,
  voicePatch,
  voiceUse,
} from '../contract/voice-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { tooLarge } from '../protocol/failure-responses.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { forwardToSpeakers } from '../protocol/request-forwarding.ts'
import { isMultipart, throwUploadFailure, uploadedFileName, withUploadFailures } from '../protocol/upload.ts'

type VoiceRouteParts = VoiceChangeParts & Pick<Application, 'backends' | 'objects' | 'pool' | 'servers'>

type VoiceFileParts = VoiceChangeParts & Pick<Application, 'folder' | 'objects'>

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
      bytes: sharesModel(installed.family) ? styleBytes : installed.bytes,
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
      return { success: true as const, novels: await novelsWithVoice(application.db, id) }
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
      novels: await removeInstalledVoice(application, request.params.id),
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

interface ReceivedFile {
  readonly file: TemporaryFile
  readonly name: string
}

export function voiceFileRoutes(
  app: ApiServer,
  application: VoiceFileParts,
  uploadLimit: number,
  closing: AbortSignal,
): void {
  app.post(
    '/api/voices/files',
    {
      schema: {
        tags: ['voices'],
        summary:
          'Add your own voice: multipart, "model" (.onnx), for Piper and Kokoro "config" (.onnx.json, .bin), perhaps "name"; it is proved first',
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: {
            model: {
              type: 'string',
              format: 'binary',
              description: '.onnx; left out for a table of styles whose model is here',
            },
            config: {
              type: 'string',
              format: 'binary',
              description: 'for Piper: .onnx.json; for Kokoro: a table of styles (.bin)',
            },
            name: { type: 'string', maxLength: 100, description: 'what it shall be called' },
          },
        },
        response: { 201: z.object({ success: z.literal(true), voice }), '4xx': failure },
      },
    },
    async (request, reply) => {
      await using files = new AsyncDisposableStack()
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { model, config, name, parts } = await receiveParts(
        request,
        application,
        uploadLimit,
        files,
        signal,
      )
      const isTable = config?.file.bytes === styleBytes
      const named = isTable ? config : model
      if (!named && parts > 0)
        throw new Failure('request.senseless', { detail: 'neither a model nor a table of styles came' })
      if (!named) throw new Failure('voice.no-file')
      const added = await addUploadedVoice(
        application,
        {
          ...(model && { model: model.file }),
          fileName: named.name,
          ...(config && { config: config.file }),
          ...(name !== undefined && { name }),
        },
        signal,
      )
      const view = viewVoice(application, application.voices.byId(added.id))
      return reply.code(201).send({ success: true, voice: view })
    },
  )
}

interface ReceivedParts {
  model?: ReceivedFile
  config?: ReceivedFile
  name?: string
  /** How many came. */
  parts: number
}

/** Streams the uploaded parts to temporary files, which are deleted when `files` is disposed. */
async function receiveParts(
  request: FastifyRequest,
  application: Pick<Application, 'folder'>,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ReceivedParts> {
  if (!isMultipart(request)) throw new Failure('voice.no-file')
  const received: ReceivedParts = { parts: 0 }
  for await (const part of uploadParts(request.parts({ limits: { files: 2, fields: 5 } }))) {
    if (part.type === 'field') {
      const name = part.fieldname === 'name' ? parseVoiceName(part.value) : undefined
      if (name !== undefined) received.name = name
    } else if (part.fieldname === 'model' || part.fieldname === 'config') {
      received[part.fieldname] = await receivePart(part, application, uploadLimit, files, signal)
    } else throw new Failure('voice.no-file')
    received.parts++
  }
  return received
}

async function* uploadParts<Part>(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  try {
    yield* parts
  } catch (error) {
    throwUploadFailure(error)
  }
}

/** `undefined` if the name is blank. Throws `request.invalid`. */
function parseVoiceName(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined
  const name = voiceName.safeParse(value)
  if (name.success) return name.data
  const detail = 'name: a voice’s name has 1 to 100 characters; choose a shorter one'
  throw new Failure('request.invalid', { detail, field: 'name' })
}

async function receivePart(
  part: MultipartFile,
  { folder }: Pick<Application, 'folder'>,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ReceivedFile> {
  const file = files.use(await receiveFile(folder, withUploadFailures(part.file), signal))
  if (part.file.truncated) throw tooLarge(uploadLimit)
  return { file, name: uploadedFileName(part.filename) }
}
