import { type Place, placeAt } from './places.ts'

/** What a Media Source player does next. Times in seconds. */
export type BufferStep =
  | { readonly kind: 'append'; readonly place: Place }
  | { readonly kind: 'remove'; readonly from: number; readonly to: number }
  /** All that is wanted is there. */
  | { readonly kind: 'rest' }
  /** All that is spoken is there; more is still to come. */
  | { readonly kind: 'wait' }
  /** All of the chapter is there. */
  | { readonly kind: 'end' }

export interface BufferView {
  readonly places: readonly Place[]
  /** Whether the places reach the chapter's end. */
  readonly complete: boolean
  readonly time: number
  readonly buffered: readonly { readonly from: number; readonly to: number }[]
}

/** Two minutes ahead ride out a lost connection; Chromium holds about 12 MB of audio, some 25 minutes, in all. */
const ahead = 120
const behind = 90
/** Old sound is dropped in pieces, not with each sentence. */
const slack = 60
/** Frames are 43 ms; ranges may be told a little short. */
const tolerance = 0.06

export function nextBufferStep({ places, complete, time, buffered }: BufferView): BufferStep {
  const oldest = buffered[0]
  if (oldest && oldest.from < time - behind - slack)
    return { kind: 'remove', from: oldest.from, to: Math.min(oldest.to, time - behind) }
  const here = placeAt(places, time)
  const next = places.slice(here ? places.indexOf(here) : 0).find((place) => !isBuffered(place, buffered))
  if (!next) return { kind: complete ? 'end' : 'wait' }
  return next.from > time + ahead ? { kind: 'rest' } : { kind: 'append', place: next }
}

function isBuffered(place: Place, buffered: BufferView['buffered']): boolean {
  return buffered.some((range) => range.from <= place.from + tolerance && range.to >= place.to - tolerance)
}
