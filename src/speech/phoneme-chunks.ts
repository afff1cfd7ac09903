import { concatenate } from '../audio/samples.ts'
import type { WordTime } from '../novel/clip.ts'
import type { PhonemizedWord } from '../pronunciation/espeak/phonemizer.ts'
import type { TextWord } from '../pronunciation/espeak/text-words.ts'
import type { Speech } from './speech-engine.ts'

/** Input of one inference. */
export interface IdChunk {
  /** Including the ids at either end. */
  readonly ids: readonly number[]
  /** The words, each with `[first, last)` of its ids. */
  readonly words: readonly (TextWord & { readonly first: number; readonly last: number })[]
}

/** Converts phonemes and punctuation to a voice family's ids. */
export interface PhonemeTokenizer {
  /** Maximum ids per chunk: a network mumbles sentences longer than its training data. */
  readonly maxIds: number
  /** The ids of a word's phonemes; phonemes without an id are omitted. */
  readonly sound: (phonemes: string) => readonly number[]
  /** The mark between the words `before` and `after` (empty at the text's end). */
  readonly mark: (between: string, before: string, after: string) => string
  readonly markIds: (mark: string) => readonly number[]
  readonly beginning: readonly number[]
  readonly ending: readonly number[]
}

interface TokenizedWord extends TextWord {
  readonly sound: readonly number[]
  /** Ids of the mark and blank after the word. */
  readonly after: readonly number[]
  readonly mark: string
}

/**
 * The ids of a text's phonemes, in chunks of at most `maxIds`: split after a sentence that ends in the second half,
 * else after a clause, else between words. Empty if no phoneme has an id.
 */
export function phonemeChunks(
  text: string,
  words: readonly PhonemizedWord[],
  tokenizer: PhonemeTokenizer,
): IdChunk[] {
  const chunks: IdChunk[] = []
  let remaining = tokenizeWords(text, words, tokenizer)
  while (remaining.length > 0) {
    const count = wordsThatFit(remaining, tokenizer)
    chunks.push(chunkOf(remaining.slice(0, count), tokenizer))
    remaining = remaining.slice(count)
  }
  return chunks
}

function tokenizeWords(
  text: string,
  words: readonly PhonemizedWord[],
  tokenizer: PhonemeTokenizer,
): TokenizedWord[] {
  const most = Math.floor(tokenizer.maxIds / 2)
  return words.flatMap(({ start, end, phonemes }, index) => {
    const sound = tokenizer.sound(phonemes)
    if (sound.length === 0) return []
    const next = words[index + 1]
    const mark = tokenizer.mark(
      text.slice(end, next?.start ?? text.length),
      text.slice(start, end),
      next === undefined ? '' : text.slice(next.start, next.end),
    )
    // A word longer than half a chunk ("Aaaa…") is split anywhere.
    const parts = Math.ceil(sound.length / most)
    return Array.from({ length: parts }, (_, part) => ({
      start,
      end,
      sound: sound.slice(part * most, (part + 1) * most),
      after: part === parts - 1 ? tokenizer.markIds(mark) : [],
      mark: part === parts - 1 ? mark : '',
    }))
  })
}

function wordsThatFit(
  candidates: readonly TokenizedWord[],
  { maxIds, beginning, ending }: PhonemeTokenizer,
): number {
  let length = beginning.length + ending.length
  let best = { count: 1, rank: -1 }
  for (const [index, { sound, after, mark }] of candidates.entries()) {
    length += sound.length + after.length
    if (length > maxIds) return best.count
    const late = length > maxIds / 2
    const rank = late ? (/[.!?…。！？]/u.test(mark) ? 2 : /[,;:—，、；：]/u.test(mark) ? 1 : 0) : -1
    if (rank >= best.rank) best = { count: index + 1, rank }
  }
  return candidates.length
}

function chunkOf(tokens: readonly TokenizedWord[], { beginning, ending }: PhonemeTokenizer): IdChunk {
  const ids = [...beginning]
  const words = tokens.map(({ start, end, sound, after }) => {
    const first = ids.length
    ids.push(...sound)
    const last = ids.length
    ids.push(...after)
    return { start, end, first, last }
  })
  ids.push(...ending)
  return { ids, words }
}

/** Samples of one chunk, and the length of each id in seconds; `seconds` is empty if the model gives no durations. */
export interface ChunkAudio {
  readonly samples: Float32Array
  readonly seconds: readonly number[]
}

/** Synthesizes chunks in order, with a seed for each, and concatenates them. */
export async function speakChunks(
  chunks: readonly IdChunk[],
  { sampleRate, seed }: { readonly sampleRate: number; readonly seed: string },
  speak: (ids: readonly number[], seed: string) => Promise<ChunkAudio>,
): Promise<Speech> {
  const parts: Float32Array[] = []
  const words: WordTime[] = []
  let from = 0
  for (const [index, chunk] of chunks.entries()) {
    const { samples, seconds } = await speak(chunk.ids, `${seed}/${index}`)
    for (const word of wordTimes(chunk, seconds, from)) {
      const last = words.at(-1)
      // A word that was split is one word still.
      if (last?.start === word.start) words[words.length - 1] = { ...last, to: word.to }
      else words.push(word)
    }
    parts.push(samples)
    from += samples.length / sampleRate
  }
  return { samples: concatenate(parts), sampleRate, words }
}

/** Times of the words, from first to last phoneme; empty if the model gives no durations. */
function wordTimes({ ids, words }: IdChunk, seconds: readonly number[], from: number): WordTime[] {
  if (seconds.length !== ids.length) return []
  const starts = [from]
  for (const length of seconds) starts.push(starts.at(-1)! + length)
  return words.map(({ start, end, first, last }) => ({ start, end, from: starts[first]!, to: starts[last]! }))
}
