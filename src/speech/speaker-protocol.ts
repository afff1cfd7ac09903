import { z } from 'zod'
import type { Clip } from '../novel/clip.ts'
import type { Voice } from '../novel/voice.ts'

/** What the server asks of a speaker: one segment at a time. */
export const speakRequest = z.object({
  id: z.number().int(),
  text: z.string().min(1),
  voice: z.string(),
  speed: z.number().min(0.5).max(2),
  /** Silence after the speech, in seconds. */
  pauseSeconds: z.number().min(0).max(10),
  /** Whatever is random is drawn from this. */
  seed: z.string(),
})
export type SpeakRequest = z.infer<typeof speakRequest>

/** What an engine is, told by a speaker once it is ready. */
export interface EngineInfo {
  readonly name: string
  readonly version: string
  readonly voices: readonly Voice[]
}

const voice = z.object({
  id: z.string(),
  engine: z.string(),
  name: z.string(),
  language: z.string(),
  gender: z.enum(['female', 'male']).optional(),
  neural: z.boolean(),
})
const engineInfo = z.object({ name: z.string(), version: z.string(), voices: z.array(voice) })
const clip = z.object({
  adts: z.instanceof(Uint8Array),
  frameSizes: z.array(z.number().int().min(1)),
  words: z.array(z.object({ start: z.number(), end: z.number(), from: z.number(), to: z.number() })),
})

/** What a speaker says. */
export const speakerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engines: z.array(engineInfo) }),
  z.object({ type: z.literal('spoken'), id: z.number().int(), clip }),
  z.object({ type: z.literal('failed'), id: z.number().int(), reason: z.string() }),
])
export type SpeakerMessage =
  | { readonly type: 'ready'; readonly engines: readonly EngineInfo[] }
  | { readonly type: 'spoken'; readonly id: number; readonly clip: Clip }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
