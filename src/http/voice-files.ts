import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addUploadedVoice } from '../generation/add-voice.ts'
import type { Application } from '../generation/studio.ts'
import { type TemporaryFile, receiveFile } from '../library/incoming.ts'
import { Failure } from '../novel/failure.ts'
import { failure } from './contract.ts'
import { tooLarge } from './failures.ts'
import { disconnectSignal } from './hung-up.ts'
import { throwUploadFailure, isMultipart, uploadedFileName, withUploadFailures } from './upload.ts'
import type { ApiServer } from './door.ts'
import { voice, voiceName } from './voice-contract.ts'
import { viewVoice } from './voices.ts'

interface ReceivedFile {
  readonly file: TemporaryFile
  readonly name: string
}

export function voiceFileRoutes(app: ApiServer, studio: Application, uploadLimit: number, closing: AbortSignal): void {
  app.post(
    '/api/voices/files',
    {
      schema: {
        tags: ['voices'],
        summary:
          'Add your own voice: multipart, "model" (.onnx), for Piper "config" (.onnx.json), perhaps "name"; it is proved first',
        consumes: ['multipart/form-data'],
        upload: {
          type: 'object',
          required: ['model'],
          additionalProperties: false,
          properties: {
            model: { type: 'string', format: 'binary', description: '.onnx' },
            config: { type: 'string', format: 'binary', description: 'for Piper: .onnx.json' },
            name: { type: 'string', maxLength: 100, description: 'what it shall be called' },
          },
        },
        response: { 201: z.object({ success: z.literal(true), voice }), '4xx': failure },
      },
    },
    async (request, reply) => {
      await using files = new AsyncDisposableStack()
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const { model, config, name } = await receiveParts(request, studio, uploadLimit, files, signal)
      if (!model) throw new Failure('voice.no-file')
      const added = await addUploadedVoice(
        studio,
        {
          model: model.file,
          fileName: model.name,
          ...(config && { config: config.file }),
          ...(name !== undefined && { name }),
        },
        signal,
      )
      const view = viewVoice(studio, studio.voices.byId(added.id))
      return reply.code(201).send({ success: true, voice: view })
    },
  )
}

/** Streams the parts to the disk; whatever comes of it, they go with `files`. */
async function receiveParts(
  request: FastifyRequest,
  studio: Application,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<{ model?: ReceivedFile; config?: ReceivedFile; name?: string }> {
  if (!isMultipart(request)) throw new Failure('voice.no-file')
  const received: { model?: ReceivedFile; config?: ReceivedFile; name?: string } = {}
  for await (const part of uploadParts(request.parts({ limits: { files: 2, fields: 5 } }))) {
    if (part.type === 'field') {
      const name = part.fieldname === 'name' ? parseVoiceName(part.value) : undefined
      if (name !== undefined) received.name = name
    } else if (part.fieldname === 'model' || part.fieldname === 'config') {
      received[part.fieldname] = await receivePart(part, studio, uploadLimit, files, signal)
    } else throw new Failure('voice.no-file')
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

/** Left out when it is blank. Throws `request.invalid`. */
function parseVoiceName(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined
  const name = voiceName.safeParse(value)
  if (name.success) return name.data
  const detail = 'name: a voice’s name has 1 to 100 characters; choose a shorter one'
  throw new Failure('request.invalid', { detail, field: 'name' })
}

async function receivePart(
  part: MultipartFile,
  { folder }: Application,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ReceivedFile> {
  const file = files.use(await receiveFile(folder, withUploadFailures(part.file), signal))
  if (part.file.truncated) throw tooLarge(uploadLimit)
  return { file, name: uploadedFileName(part.filename) }
}
