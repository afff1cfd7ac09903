/**
 * Why a clip may be wrong. `too-short`, `too-long`: seconds of sound; `fast`: words a minute; `silence`: seconds of a
 * pause or at an end; `clipped`: fraction of the samples; `repeat`: seconds that are heard twice; `tail`: seconds of
 * sound after the last word; `cut-off`: seconds that are missing, or 0 where the sound ends abruptly; `dropout`: seconds
 * without sound inside a word.
 */
export const doubtCodes = [
  'too-short',
  'too-long',
  'fast',
  'silence',
  'clipped',
  'repeat',
  'tail',
  'cut-off',
  'dropout',
] as const
export type DoubtCode = (typeof doubtCodes)[number]

export interface DoubtReason {
  readonly code: DoubtCode
  /** As measured, and the limit that it passed, in the unit of the code. */
  readonly value: number
  readonly limit: number
}

/** What the second ear has against a clip: the best of several takes, which was kept all the same. */
export interface ClipDoubt {
  readonly reasons: readonly DoubtReason[]
  /** How many takes were made. */
  readonly takes: number
}
