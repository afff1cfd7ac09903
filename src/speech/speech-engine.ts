import type { WordTime } from '../novel/clip.ts'
import type { VoiceModel } from '../novel/installed-voice.ts'
import type { Pronunciation } from '../novel/pronunciation-annotations.ts'
import type { Voice } from '../novel/voice.ts'

export interface Utterance {
  readonly text: string
  /** Words of it that are said otherwise than an engine would by itself; one without phonemes leaves them unheard. */
  readonly pronunciations?: readonly Pronunciation[]
  /**
   * Whether an ɹ that eSpeak writes twice where one is meant ("fury") is spoken twice, as it was in the recipes from
   * before there was a pace. Only Heart's family heeds it: Piper's voices were taught what eSpeak writes.
   */
  readonly doubleR?: boolean
  /** The voice's id. */
  readonly voice: string
  /** 1 = the voice's own speed; 0.25–4. */
  readonly speed: number
  /** Whatever an engine draws at random it draws from this, so that the same request gives the same bytes. */
  readonly seed: string
  /** Where an installed voice's network lies; left out for the voices that an engine has of its own. */
  readonly model?: VoiceModel | undefined
}

export interface Speech {
  /** Mono, −1…1, as the engine made it: its own loudness, its own silence at both ends. */
  readonly samples: Float32Array
  readonly sampleRate: number
  /** Offsets into the utterance's text, seconds from the first sample; monotonic, inside the samples. May be empty. */
  readonly words: readonly WordTime[]
}

/** A way to turn text into samples. Each engine is one file and passes the contract in `engine-contract.ts`. */
export interface SpeechEngine {
  /** The first part of its voices' ids. */
  readonly name: string
  /** Changes whenever the same utterance would sound different: library version, model checksum, own signal part. */
  readonly version: string
  /** Those of its own; installed ones come with each utterance. */
  readonly voices: readonly Voice[]
  /**
   * Throws a plain `Error` when it cannot speak; the caller decides whether to try again. Text without a letter or
   * digit is refused with an `Error`, as is a voice that is not its own.
   */
  speak(utterance: Utterance): Promise<Speech>
  /** BCP 47: the language that an installed voice says of itself that it speaks. Left out where none does. */
  languageOf?(model: VoiceModel): Promise<string>
  close(): Promise<void>
}

/**
 * The voice could not be loaded or measured. The text that it was to speak has no part in that, so it must not count as
 * an attempt at the text. The message is a sentence for people.
 */
export class VoiceUnavailable extends Error {}

/** Waits for `work`, which loads or measures a voice; rejects with `VoiceUnavailable` whatever went wrong in it. */
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
  // The file system's own errors name the call, not what is wrong.
  const { code, path } = error as NodeJS.ErrnoException
  return code !== undefined && path !== undefined
    ? `the file ${path} cannot be read (${code})`
    : error.message
}
