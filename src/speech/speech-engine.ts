import type { WordTime } from '../novel/clip.ts'
import type { VoiceModel } from '../novel/installed-voice.ts'
import type { Pronunciation } from '../novel/pronunciation-annotations.ts'
import type { Voice } from '../novel/voice.ts'

export interface Utterance {
  readonly text: string
  /** Words with another pronunciation than the engine's own; an engine that reads letters has no use for them. */
  readonly pronunciations?: readonly Pronunciation[]
  /**
   * Whether an ɹ that eSpeak writes twice by mistake ("fury") is spoken twice, as in recipes older than the pace rule.
   * Only Heart's family uses it: Piper's voices were trained on eSpeak's output.
   */
  readonly doubleR?: boolean
  /** Voice id. */
  readonly voice: string
  /** 1 = the voice's own speed; 0.25–4. */
  readonly speed: number
  /** Seed of all random numbers of the engine, so that the same request gives the same bytes. */
  readonly seed: string
  /** Files of an installed voice's model; absent for an engine's own voices. */
  readonly model?: VoiceModel | undefined
}

export interface Speech {
  /** Mono, −1…1, with the engine's own loudness and silence at both ends. */
  readonly samples: Float32Array
  readonly sampleRate: number
  /** Offsets into the utterance's text, seconds from the first sample; monotonic, within the samples. May be empty. */
  readonly words: readonly WordTime[]
  /** Whether the times are estimated from the sound: good enough to follow, but nothing can be concluded from them. */
  readonly wordsAreEstimated?: boolean
}

/** What measuring a voice comes to. */
export interface VoiceMeasure {
  /** Linear, brings the voice to the target loudness. */
  readonly gain: number
  /** Factor on the engine's speed that gives it a narrator's pace. */
  readonly pace: number
}

/** Turns text into samples. Each engine passes the contract in `test/contracts/speech-engine-contract.ts`. */
export interface SpeechEngine {
  /** First part of its voice ids. */
  readonly name: string
  /**
   * Changes whenever the same utterance would sound different: library version, model checksum, own signal processing.
   */
  readonly version: string
  /** Built-in voices; installed ones come with each utterance. */
  readonly voices: readonly Voice[]
  /**
   * Throws a plain `Error` when it fails; the caller decides whether to retry. Text without a letter or digit and
   * unknown voices are refused with an `Error`.
   */
  speak(utterance: Utterance): Promise<Speech>
  /**
   * What measuring one of its own voices comes to, where that was done beforehand for this version: each worker is spared
   * 46 seconds of speech before its first text.
   */
  measureOf?(voice: string): VoiceMeasure | undefined
  /** BCP 47: the language in an installed voice's own configuration. Absent for engines whose voices have none. */
  languageOf?(model: VoiceModel): Promise<string>
  /**
   * Checks a voice to install against its own configuration, and describes it by that. Throws an `Error` with one
   * sentence for users if the two do not fit. Absent for engines whose voices have no configuration.
   */
  validateModel?(model: VoiceModel): Promise<ModelDescription>
  close(): Promise<void>
}

/** What an installed voice's configuration declares. */
export interface ModelDescription {
  /** BCP 47. */
  readonly language: string
  /** Speaker names by number; empty for a voice with one speaker. */
  readonly speakers: readonly string[]
  /** What its publisher calls the voice. */
  readonly name?: string
  readonly gender?: 'female' | 'male'
  /** On what it was taught, if that is not the usual of its family and language. */
  readonly frontEnd?: 'pinyin'
}

/**
 * The voice could not be loaded or measured. This is independent of the text, so it must not count as an attempt at it.
 * The message is a sentence for users.
 */
export class VoiceUnavailable extends Error {}

/** The speech worker ended, or hung and was ended, while it loaded or measured the voice. */
export class VoiceEndsWorker extends VoiceUnavailable {}

/** Awaits `work`, which loads or measures a voice; rejects with `VoiceUnavailable` for any error. */
export async function asVoiceUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof VoiceUnavailable) throw cause
    throw new VoiceUnavailable(errorReason(cause), { cause })
  }
}

function errorReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // The file system's own errors name the system call, not the problem.
  const { code, path } = error as NodeJS.ErrnoException
  return code !== undefined && path !== undefined
    ? `the file ${path} cannot be read (${code})`
    : error.message
}
