import { concatenate, trimSilence } from '../../audio/samples.ts'
import type { WordTime } from '../../novel/clip.ts'
import type { Speech } from '../speech-engine.ts'
import { estimateWordTimes, type SizedWord } from './estimated-words.ts'

/** A part of a text that is spoken at once. */
export interface FlowChunk {
  /** Offsets into the whole text. */
  readonly words: readonly SizedWord[]
  /** Samples for this seed. */
  readonly speak: (seed: string) => Promise<Float32Array>
}

/** Between two parts, whose own silence is cut off. */
const betweenSeconds = 0.15

/** Speaks the parts of a text in order, each with a seed of its own, and estimates when the words are heard. */
export async function speakFlow(
  chunks: readonly FlowChunk[],
  { sampleRate, seed }: { readonly sampleRate: number; readonly seed: string },
): Promise<Speech> {
  const parts: Float32Array[] = []
  const words: WordTime[] = []
  let length = 0
  for (const [index, chunk] of chunks.entries()) {
    const spoken = await chunk.speak(`${seed}/${index}`)
    if (spoken.length === 0) throw new Error('the voice’s network gives no sound')
    if (!spoken.every(Number.isFinite))
      throw new Error('the voice’s network gives samples that are no numbers')
    if (index > 0) {
      const pause = new Float32Array(Math.round(betweenSeconds * sampleRate))
      parts.push(pause)
      length += pause.length
    }
    const { samples } = trimSilence(spoken, sampleRate)
    const from = length / sampleRate
    for (const word of estimateWordTimes(chunk.words, samples, sampleRate))
      words.push({ ...word, from: from + word.from, to: from + word.to })
    parts.push(samples)
    length += samples.length
  }
  return { samples: concatenate(parts), sampleRate, words, wordsAreEstimated: true }
}
