import { z } from 'zod'
import type { Clip } from '../../novel/clip.ts'
import { doubtCodes } from '../../novel/clip-doubt.ts'
import { voiceFamilies } from '../../novel/installed-voice.ts'
import type { Voice } from '../../novel/voice.ts'

const voiceModel = z.object({
  model: z.string(),
  config: z.string().optional(),
  checksum: z.string(),
  configChecksum: z.string().optional(),
  language: z.string(),
})

/** Audio files received from a speech server, one for each chunk of a text, in order. */
const receivedAudio = z.object({
  chunks: z.array(z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array)).min(1),
  /** Sample rate of raw PCM in Hz. */
  pcmRate: z.number().int().optional(),
})
export type ReceivedAudio = z.infer<typeof receivedAudio>

/** Request to a worker: turn a text into a clip. */
const speakRequest = z.object({
  type: z.literal('speak'),
  id: z.number().int(),
  text: z.string().min(1),
  voice: z.string(),
  speed: z.number().min(0.5).max(2),
  /** Silence before the speech and after it, in seconds. */
  leadSeconds: z.number().min(0).max(10).optional(),
  pauseSeconds: z.number().min(0).max(10),
  /** Seed of all random numbers. */
  seed: z.string(),
  /** An installed voice's model. */
  model: voiceModel.optional(),
  /** The voice's linear gain from its validation; absent: the worker measures it. */
  gain: z.number().positive().optional(),
  /** Factor on the engine's speed; `measure`: the worker measures it; absent: 1. */
  pace: z.union([z.number().positive(), z.literal('measure')]).optional(),
  /** Audio of the text from a speech server, to be made into a clip. `gain` is then given. */
  audio: receivedAudio.optional(),
  /** Milliseconds after which the worker is ended. */
  timeoutMs: z.number().positive().optional(),
})
export type SpeakRequest = z.infer<typeof speakRequest>

const family = z.enum(voiceFamilies)

/** Request to a worker: measure a speech server's voice from the English calibration text. */
const measureRequest = z.object({ type: z.literal('measure'), id: z.number().int(), audio: receivedAudio })

/** Request to a worker: validate a voice file. */
const validateRequest = z.object({
  type: z.literal('validate'),
  id: z.number().int(),
  /** Expected family; absent: any. */
  family: family.optional(),
  /** Path of the ONNX file. */
  model: z.string(),
  config: z.string().optional(),
  /** BCP 47, for voices without a language of their own, such as hibari's. */
  language: z.string().optional(),
  /** Which voice of a configuration that has several; the file is reduced to it. Absent: its default. */
  preset: z.string().optional(),
})
export type ValidateRequest = z.infer<typeof validateRequest>

export const workerRequest = z.discriminatedUnion('type', [speakRequest, measureRequest, validateRequest])
export type WorkerRequest = z.infer<typeof workerRequest>

/** An engine of a worker, reported when it is ready. */
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
/** What the second ear has against a clip. */
export const clipDoubt = z.object({
  reasons: z
    .array(z.object({ code: z.enum(doubtCodes), value: z.number(), limit: z.number() }))
    .min(1)
    .max(doubtCodes.length),
  takes: z.number().int().min(1),
})
const clip = z.object({
  adts: z.instanceof(Uint8Array),
  frameSizes: z.array(z.number().int().min(1)),
  words: z.array(z.object({ start: z.number(), end: z.number(), from: z.number(), to: z.number() })),
  doubt: clipDoubt.optional(),
})
const voiceValidation = z.object({
  family,
  /** SHA-256 of the ONNX file, hex. */
  checksum: z.string(),
  /** SHA-256 of the configuration, hex; absent if the family needs none. */
  configChecksum: z.string().optional(),
  /** BCP 47. */
  language: z.string(),
  /** Names by number; empty for a voice with one speaker. */
  speakers: z.array(z.string()),
  /** What its configuration says of it. */
  name: z.string().optional(),
  gender: z.enum(['female', 'male']).optional(),
  /** What its configuration says that it was taught on, if that is not the usual. */
  frontEnd: z.literal('pinyin').optional(),
  /** Linear gain that brings it (its first speaker) to the target loudness. */
  gain: z.number(),
  /** Factor on the engine's speed that gives the common pace at speed 1. */
  pace: z.number().positive(),
  /** LUFS of the calibration text before the gain. */
  loudness: z.number(),
  /** Whether it gives word times. */
  wordTimes: z.boolean(),
  /** Duration of the calibration text's speech. */
  seconds: z.number(),
  sampleRate: z.number(),
  /** Size of the ONNX file, which may have been rewritten. */
  bytes: z.number(),
  /** Seconds of speech per CPU second. */
  speechPerCpuSecond: z.number(),
  /** Resident memory of the process after that. */
  memoryBytes: z.number(),
})
/** Result of a validation. */
export type VoiceValidation = z.infer<typeof voiceValidation>

/** Number of models the worker has loaded since it started, in each response. */
const loads = z.number().int().min(0)

/** `failed`: the engine failed. `voice-unavailable`: the voice could not be loaded, whatever the text. */
const failure = z.enum(['failed', 'voice-unavailable'])

/** Messages of a worker. */
export const workerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engines: z.array(engineInfo) }),
  /** Whether the worker loads or measures a voice; what becomes of it meanwhile is not the text's failure. */
  z.object({ type: z.literal('preparing'), active: z.boolean() }),
  z.object({ type: z.literal('spoken'), id: z.number().int(), clip, loads }),
  z.object({
    type: z.literal('measured'),
    id: z.number().int(),
    gain: z.number().positive(),
    pace: z.number().positive(),
  }),
  z.object({ type: z.literal('validated'), id: z.number().int(), validation: voiceValidation }),
  z.object({ type: failure, id: z.number().int(), reason: z.string(), loads }),
])
export type WorkerMessage =
  | { readonly type: 'ready'; readonly engines: readonly EngineInfo[] }
  | { readonly type: 'preparing'; readonly active: boolean }
  | { readonly type: 'spoken'; readonly id: number; readonly clip: Clip; readonly loads: number }
  | { readonly type: 'measured'; readonly id: number; readonly gain: number; readonly pace: number }
  | { readonly type: 'validated'; readonly id: number; readonly validation: VoiceValidation }
  | {
      readonly type: z.infer<typeof failure>
      readonly id: number
      readonly reason: string
      readonly loads: number
    }
