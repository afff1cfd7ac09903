import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addVoice } from '../generation/add-voice.ts'
import type { Studio } from '../generation/studio.ts'
import { type IncomingFile, receive } from '../library/incoming.ts'
import { Failure } from '../novel/failure.ts'
import { failure } from './contract.ts'
import { tooLarge } from './failures.ts'
import { hungUp } from './hung-up.ts'
import { asCutOff, isMultipart, nameOf, unbroken } from './upload.ts'
import type { Door } from './door.ts'
import { voice, voiceName } from './voice-contract.ts'
import { viewVoice } from './voices.ts'

interface Received {
  readonly file: IncomingFile
  readonly name: string
}

export function voiceFileRoutes(app: Door, studio: Studio, uploadLimit: number, closing: AbortSignal): void {
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
      const signal = AbortSignal.any([closing, hungUp(reply)])
      const { model, config, name } = await receiveParts(request, studio, uploadLimit, files, signal)
      if (!model) throw new Failure('voice.no-file')
      const added = await addVoice(
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
  studio: Studio,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<{ model?: Received; config?: Received; name?: string }> {
  if (!isMultipart(request)) throw new Failure('voice.no-file')
  const received: { model?: Received; config?: Received; name?: string } = {}
  for await (const part of parted(request.parts({ limits: { files: 2, fields: 5 } }))) {
    if (part.type === 'field') {
      const name = part.fieldname === 'name' ? typedName(part.value) : undefined
      if (name !== undefined) received.name = name
    } else if (part.fieldname === 'model' || part.fieldname === 'config') {
      received[part.fieldname] = await receivePart(part, studio, uploadLimit, files, signal)
    } else throw new Failure('voice.no-file')
  }
  return received
}

async function* parted<Part>(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  try {
    yield* parts
  } catch (error) {
    asCutOff(error)
  }
}

/** Left out when it is blank. Throws `request.invalid`. */
function typedName(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined
  const name = voiceName.safeParse(value)
  if (name.success) return name.data
  const detail = 'name: a voice’s name has 1 to 100 characters; choose a shorter one'
  throw new Failure('request.invalid', { detail, field: 'name' })
}

async function receivePart(
  part: MultipartFile,
  { folder }: Studio,
  uploadLimit: number,
  files: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Received> {
  const file = files.use(await receive(folder, unbroken(part.file), signal))
  if (part.file.truncated) throw tooLarge(uploadLimit)
  return { file, name: nameOf(part.filename) }
}
