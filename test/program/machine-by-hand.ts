import { toAdts } from '../../src/audio/codec/adts.ts'
import { clipFrameType, encodeClipFrame } from '../../src/http/protocol/clip-frame.ts'
import { version } from '../../src/main.ts'
import type { Api } from './api-client.ts'
import { faultyEngine } from './faulty-engine.ts'

const { name, version: engineVersion, voices } = faultyEngine

/** With which a machine of two slots joins. */
export const introduction = {
  name: 'attic',
  slots: 2,
  version,
  engines: [{ name, version: engineVersion, voices }],
  platform: 'linux-x64',
  cores: 2,
}

/** Bytes that could be the clip of any text. */
export const frame = encodeClipFrame(
  { adts: toAdts([new Uint8Array(300).fill(7)]), frameSizes: [300], words: [] },
  1,
)

/** What the API of speaker machines answers. */
export interface MachineAnswer {
  readonly status: number
  readonly code?: string
  readonly speaker?: { readonly id: string }
  readonly lease?: { readonly id: string; readonly task: { readonly text: string } } | null
  readonly next?: { readonly id: string } | null
  readonly state?: string
  readonly lost?: readonly string[]
}

/** Asks the API of speaker machines, without the program that speaks. A `body` of bytes is a clip's frame. */
export async function askAsMachine(
  api: Api,
  secret: string,
  method: string,
  path: string,
  body?: object,
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<{ readonly answer: MachineAnswer; readonly headers: Headers }> {
  const isClip = body instanceof Uint8Array
  const response = await api.fetch(`/api/speakers${path}`, {
    method,
    ...(signal && { signal }),
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body && { 'content-type': isClip ? clipFrameType : 'application/json' }),
      ...headers,
    },
    ...(body && { body: isClip ? Buffer.from(body) : JSON.stringify(body) }),
  })
  const answer = { status: response.status, ...((await response.json()) as object) }
  return { answer, headers: response.headers }
}

/** Asks for a novel of these sentences. Returns the id of the generation. */
export async function wanted(api: Api, ...sentences: readonly string[]): Promise<string> {
  const text = new TextEncoder().encode(`Chapter 1\n\n${sentences.join('\n\n')}\n`)
  const { novel } = await api.add(text, 'story.txt')
  return api.generate(novel.id, undefined, { voice: 'odd:hum' })
}
