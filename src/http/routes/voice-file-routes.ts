import { open } from 'node:fs/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import type { VoiceChangeParts } from '../../jobs/voices/voice-changes.ts'
import { addUploadedVoice } from '../../jobs/voices/voice-installation.ts'
import { mostParts } from '../../novel/model-parts.ts'
import { Failure } from '../../novel/failure.ts'
import type { VoiceFamily } from '../../novel/installed-voice.ts'
import { styleBytes } from '../../novel/kokoro-voices.ts'
import { familyOfStyle } from '../../speech/flow/voice-style.ts'
import { receiveFile, type TemporaryFile } from '../../storage/local/temporary-files.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import { voice, voiceName } from '../contract/voice-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { tooLarge } from '../protocol/failure-responses.ts'
import { isMultipart, throwUploadFailure, uploadedFileName, withUploadFailures } from '../protocol/upload.ts'
import { viewVoice } from './voice-routes.ts'

type VoiceFileParts = VoiceChangeParts & Pick<Application, 'folder' | 'objects'>

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
          'Add your own voice: multipart, "model" (.onnx, or each file of a model that has several), "config" (.onnx.json, .bin, .json) for all but Heart’s family, perhaps "name"; it is proved first',
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          properties: {
            model: {
              type: 'string',
              format: 'binary',
              description:
                '.onnx, left out for a style whose model is here; VieNeu and KorvaTTS: once for each file of the model, under its publisher’s name',
            },
            config: {
              type: 'string',
              format: 'binary',
              description:
                'for Piper: .onnx.json; for Kokoro: a table of styles (.bin); for VieNeu and KorvaTTS: a style (.json)',
            },
            name: {
              type: 'string',
              maxLength: 100,
              description: 'what it shall be called; of VieNeu’s list of voices: which of them',
            },
          },
        },
        response: { 201: z.object({ success: z.literal(true), voice }), '4xx': failure },
      },
    },
    async (request, reply) => {
      await using files = new AsyncDisposableStack()
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { models, config, name, parts } = await receiveParts(
        request,
        application,
        uploadLimit,
        files,
        signal,
      )
      const [model, ...others] = models
      const isBundle = others.length > 0
      const styleOf = config && (await familyOfConfig(config.file))
      const named = styleOf === undefined ? model : config
      if (!named && parts > 0)
        throw new Failure('request.senseless', { detail: 'neither a model nor a style came' })
      if (!named) throw new Failure('voice.no-file')
      const added = await addUploadedVoice(
        application,
        {
          ...(model && !isBundle && { model: model.file }),
          ...(isBundle && { parts: models }),
          ...(styleOf && { styleOf }),
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

/** Whose style a configuration is that may come without its model; `undefined`: it is none. */
async function familyOfConfig({ path, bytes }: TemporaryFile): Promise<VoiceFamily | undefined> {
  if (bytes === styleBytes) return 'kokoro'
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
  return familyOfStyle(buffer.toString('latin1', 0, bytesRead))
}

interface ReceivedParts {
  models: ReceivedFile[]
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
  const received: ReceivedParts = { models: [], parts: 0 }
  for await (const part of uploadParts(request.parts({ limits: { files: mostParts + 1, fields: 5 } }))) {
    if (part.type === 'field') {
      const name = part.fieldname === 'name' ? parseVoiceName(part.value) : undefined
      if (name !== undefined) received.name = name
    } else if (part.fieldname === 'model') {
      received.models.push(await receivePart(part, application, uploadLimit, files, signal))
    } else if (part.fieldname === 'config') {
      received.config = await receivePart(part, application, uploadLimit, files, signal)
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
