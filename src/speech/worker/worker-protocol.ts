import { z } from 'zod'
import type { Clip } from '../../novel/clip.ts'
import { voiceFamilies } from '../../novel/installed-voice.ts'
import type { Voice } from '../../novel/voice.ts'

const voiceModel = z.object({
  model: z.string(),
  config: z.string().optional(),
  checksum: z.string(),
  configChecksum: z.string().optional(),
  language: z.string(),
})

/** What a speech server gave: the files of sound of a text's pieces, in order. */
const receivedAudio = z.object({
  pieces: z.array(z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array)).min(1),
  /** Of raw PCM, in Hz. */
  pcmRate: z.number().int().optional(),
})
export type ReceivedAudio = z.infer<typeof receivedAudio>

/** What the server asks of a speaker: one segment at a time, */
const speakRequest = z.object({
  type: z.literal('speak'),
  id: z.number().int(),
  text: z.string().min(1),
  voice: z.string(),
  speed: z.number().min(0.5).max(2),
  /** Silence before the speech and after it, in seconds. */
  leadSeconds: z.number().min(0).max(10).optional(),
  pauseSeconds: z.number().min(0).max(10),
  /** Whatever is random is drawn from this. */
  seed: z.string(),
  /** An installed voice's network. */
  model: voiceModel.optional(),
  /** The voice's constant factor, known since it was proved; left out: the speaker measures it. */
  gain: z.number().positive().optional(),
  /** What the engine's speed is multiplied with; `measure`: the speaker measures it; left out: nothing. */
  pace: z.union([z.number().positive(), z.literal('measure')]).optional(),
  /** The text was spoken elsewhere: this is made into a clip. The gain is known then. */
  audio: receivedAudio.optional(),
})
export type SpeakRequest = z.infer<typeof speakRequest>

const family = z.enum(voiceFamilies)

/** or how loud and how fast the voice of a speech server is, which spoke the English calibration text, */
const measureRequest = z.object({ type: z.literal('measure'), id: z.number().int(), audio: receivedAudio })

/** or whether a file is a voice. */
const validateRequest = z.object({
  type: z.literal('prove'),
  id: z.number().int(),
  /** What it is said to be; left out: whatever it is. */
  family: family.optional(),
  /** Path of the ONNX file. */
  model: z.string(),
  config: z.string().optional(),
  /** BCP 47, where the voice itself does not tell: hibari's do not. */
  language: z.string().optional(),
})
export type ValidateRequest = z.infer<typeof validateRequest>

export const workerRequest = z.discriminatedUnion('type', [speakRequest, measureRequest, validateRequest])
export type WorkerRequest = z.infer<typeof workerRequest>

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
export const engineInfo = z.object({ name: z.string(), version: z.string(), voices: z.array(voice) })
const clip = z.object({
  adts: z.instanceof(Uint8Array),
  frameSizes: z.array(z.number().int().min(1)),
  words: z.array(z.object({ start: z.number(), end: z.number(), from: z.number(), to: z.number() })),
})
const voiceValidation = z.object({
  family,
  /** SHA-256 of the ONNX file, hex. */
  checksum: z.string(),
  /** SHA-256 of the configuration, hex; left out where the family needs none. */
  configChecksum: z.string().optional(),
  /** BCP 47. */
  language: z.string(),
  /** Names by number; empty for a voice with one speaker. */
  speakers: z.array(z.string()),
  /** The constant factor that brings it (its first speaker) to the studio's loudness. */
  gain: z.number(),
  /** How many times faster than by itself it speaks at speed 1. */
  pace: z.number().positive(),
  /** LUFS of the calibration text as the voice itself speaks it. */
  loudness: z.number(),
  /** Whether it tells when its words are heard. */
  wordTimes: z.boolean(),
  /** Of the calibration text's speech. */
  seconds: z.number(),
  sampleRate: z.number(),
})
/** What is known of a voice once it has spoken. */
export type VoiceValidation = z.infer<typeof voiceValidation>

/** How many models a speaker has loaded since it began, with each answer. */
const loads = z.number().int().min(0)

/** `failed`: the engine could not do it. `voice-unavailable`: the voice could not be loaded, whatever it was to speak. */
const failure = z.enum(['failed', 'voice-unavailable'])

/** What a speaker says. */
export const workerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engines: z.array(engineInfo) }),
  z.object({ type: z.literal('spoken'), id: z.number().int(), clip, loads }),
  z.object({
    type: z.literal('measured'),
    id: z.number().int(),
    gain: z.number().positive(),
    pace: z.number().positive(),
  }),
  z.object({ type: z.literal('proved'), id: z.number().int(), proof: voiceValidation }),
  z.object({ type: failure, id: z.number().int(), reason: z.string(), loads }),
])
export type WorkerMessage =
  | { readonly type: 'ready'; readonly engines: readonly EngineInfo[] }
  | { readonly type: 'spoken'; readonly id: number; readonly clip: Clip; readonly loads: number }
  | { readonly type: 'measured'; readonly id: number; readonly gain: number; readonly pace: number }
  | { readonly type: 'proved'; readonly id: number; readonly proof: VoiceValidation }
  | {
      readonly type: z.infer<typeof failure>
      readonly id: number
      readonly reason: string
      readonly loads: number
    }
