import { concatenate } from '../audio/samples.ts'
import type { WordTime } from '../novel/clip.ts'
import type { Speech } from './engine.ts'
import type { IdChunk } from './phoneme-runs.ts'

/** The sound of one run of ids, and how long each id lasts in seconds; no durations where the model does not tell. */
export interface ChunkAudio {
  readonly samples: Float32Array
  readonly seconds: readonly number[]
}

/** Speaks runs one after the other, with a seed for each. */
export async function speakChunks(
  chunks: readonly IdChunk[],
  { sampleRate, seed }: { readonly sampleRate: number; readonly seed: string },
  speak: (ids: readonly number[], seed: string) => Promise<ChunkAudio>,
): Promise<Speech> {
  const sounds: Float32Array[] = []
  const words: WordTime[] = []
  let from = 0
  for (const [index, chunk] of chunks.entries()) {
    const { samples, seconds } = await speak(chunk.ids, `${seed}/${index}`)
    words.push(...wordTimes(chunk, seconds, from))
    sounds.push(samples)
    from += samples.length / sampleRate
  }
  return { samples: concatenate(sounds), sampleRate, words }
}

/** Each word from its first phoneme to its last; none where the model tells no durations. */
function wordTimes({ ids, words }: IdChunk, seconds: readonly number[], from: number): WordTime[] {
  if (seconds.length !== ids.length) return []
  const starts = [from]
  for (const length of seconds) starts.push(starts.at(-1)! + length)
  return words.map(({ start, end, first, last }) => ({ start, end, from: starts[first]!, to: starts[last]! }))
}
