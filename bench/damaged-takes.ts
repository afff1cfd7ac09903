import { concatenate } from '../src/audio/samples.ts'
import type { Speech } from '../src/speech/speech-engine.ts'
import { randomFrom } from '../test/fixtures/speech-like.ts'

/** A way in which speech goes wrong, done to a good take. */
export interface Damage {
  readonly name: string
  /** Whether nobody could overlook it; the others are reported alone. */
  readonly gross: boolean
  readonly damage: (take: Speech, random: () => number) => Speech
}

/** Samples `[first, last)` that sound. */
function sounding({ samples }: Speech): readonly [first: number, last: number] {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const isSound = (value: number): boolean => Math.abs(value) > peak * 0.02
  return [samples.findIndex(isSound), samples.findLastIndex(isSound) + 1]
}

/** The sample at a share of what sounds. */
function placeAt(take: Speech, share: number): number {
  const [first, last] = sounding(take)
  return Math.floor(first + (last - first) * share)
}

/** Only the samples are changed; the words keep the times that the network predicted. */
function samplesOf(
  name: string,
  change: (take: Speech, random: () => number) => Float32Array,
  gross = true,
): Damage {
  return { name, gross, damage: (take, random) => ({ ...take, samples: change(take, random) }) }
}

const clip = (value: number): number => Math.max(-1, Math.min(1, value * 8))
const hiss = (count: number, random: () => number): Float32Array =>
  Float32Array.from({ length: count }, () => 0.1 * (2 * random() - 1))

/** Faster by leaving out samples, words and all, as a voice does that rushes. */
function rushed(take: Speech, factor: number): Speech {
  const { samples, words } = take
  return {
    ...take,
    samples: Float32Array.from(
      { length: Math.floor(samples.length / factor) },
      (_, at) => samples[Math.floor(at * factor)]!,
    ),
    words: words.map((word) => ({ ...word, from: word.from / factor, to: word.to / factor })),
  }
}

export const damages: readonly Damage[] = [
  samplesOf('cut off in the middle', (take) => take.samples.slice(0, placeAt(take, 0.5))),
  samplesOf('its first half missing', (take) => take.samples.slice(placeAt(take, 0.5))),
  samplesOf('all of it twice', ({ samples }) => concatenate([samples, samples])),
  samplesOf('all of it three times', ({ samples }) => concatenate([samples, samples, samples])),
  samplesOf('two seconds of silence inside', (take, random) => {
    const at = placeAt(take, 0.2 + 0.6 * random())
    return concatenate([
      take.samples.slice(0, at),
      new Float32Array(2 * take.sampleRate),
      take.samples.slice(at),
    ])
  }),
  samplesOf('clipped', ({ samples }) => samples.map(clip)),
  samplesOf('clipped, and quiet again', ({ samples }) => samples.map((value) => 0.5 * clip(value))),
  { name: 'twice as fast', gross: true, damage: (take) => rushed(take, 2) },
  samplesOf('1.5 s of hiss after it', (take, random) =>
    concatenate([take.samples.slice(0, sounding(take)[1]), hiss(1.5 * take.sampleRate, random)]),
  ),
  samplesOf('five dropouts of 60 ms', (take, random) => {
    const samples = take.samples.slice()
    for (let each = 0; each < 5; each++) {
      const at = placeAt(take, random())
      samples.fill(0, at, at + Math.floor(0.06 * take.sampleRate))
    }
    return samples
  }),
  samplesOf('samples that are not numbers', ({ samples }) => samples.with(samples.length >> 1, Number.NaN)),
  samplesOf('one value', ({ samples }) => samples.slice().fill(0.3)),
  samplesOf('silence', ({ samples }) => new Float32Array(samples.length)),
  samplesOf('its last fifth missing', (take) => take.samples.slice(0, placeAt(take, 0.8)), false),
  { name: '1.6 times as fast', gross: false, damage: (take) => rushed(take, 1.6) },
  samplesOf(
    'a stretch of it twice',
    (take, random) => {
      const at = 0.1 + 0.5 * random()
      return concatenate([
        take.samples.slice(0, placeAt(take, at + 0.25)),
        take.samples.slice(placeAt(take, at)),
      ])
    },
    false,
  ),
]

/** The same damages in each run. */
export function damageRandom(): () => number {
  return randomFrom(14)
}
