import { concatenate } from '../audio/samples.ts'
import type { WordTime } from '../novel/clip.ts'
import type { PhonemizedWord } from '../pronunciation/espeak/phonemizer.ts'
import type { TextWord } from '../pronunciation/espeak/text-words.ts'
import type { Speech } from './speech-engine.ts'

/** What a network is given at once. */
export interface IdChunk {
  /** With what belongs at either end. */
  readonly ids: readonly number[]
  /** The words, each with `[first, last)` of its ids. */
  readonly words: readonly (TextWord & { readonly first: number; readonly last: number })[]
}

/** How a family of voices writes what it speaks. */
export interface PhonemeTokenizer {
  /** The most ids that are given at once: a network mumbles sentences longer than those it was taught on. */
  readonly maxIds: number
  /** The ids of a word's phonemes; those without an id are left out. */
  readonly sound: (phonemes: string) => readonly number[]
  /** What is heard between the words `before` and `after` (empty at the text's end). */
  readonly mark: (between: string, before: string, after: string) => string
  readonly markIds: (mark: string) => readonly number[]
  readonly beginning: readonly number[]
  readonly ending: readonly number[]
}

interface TokenizedWord extends TextWord {
  readonly sound: readonly number[]
  /** The marks and blank after the word, with the text they stand for. */
  readonly after: readonly number[]
  readonly mark: string
}

/**
 * The ids of a text's phonemes, in runs of at most `mostIds`: cut after a sentence where one ends in the later half, else
 * after a clause, else between words. Empty when nothing is left.
 */
export function phonemeChunks(
  text: string,
  words: readonly PhonemizedWord[],
  spelling: PhonemeTokenizer,
): IdChunk[] {
  const chunks: IdChunk[] = []
  let remaining = tokenizeWords(text, words, spelling)
  while (remaining.length > 0) {
    const count = wordsThatFit(remaining, spelling)
    chunks.push(chunkOf(remaining.slice(0, count), spelling))
    remaining = remaining.slice(count)
  }
  return chunks
}

function tokenizeWords(
  text: string,
  words: readonly PhonemizedWord[],
  spelling: PhonemeTokenizer,
): TokenizedWord[] {
  const most = Math.floor(spelling.maxIds / 2)
  return words.flatMap(({ start, end, phonemes }, index) => {
    const sound = spelling.sound(phonemes)
    if (sound.length === 0) return []
    const next = words[index + 1]
    const mark = spelling.mark(
      text.slice(end, next?.start ?? text.length),
      text.slice(start, end),
      next === undefined ? '' : text.slice(next.start, next.end),
    )
    // A word longer than a run ("Aaaa…") is cut wherever the run is full.
    const parts = Math.ceil(sound.length / most)
    return Array.from({ length: parts }, (_, part) => ({
      start,
      end,
      sound: sound.slice(part * most, (part + 1) * most),
      after: part === parts - 1 ? spelling.markIds(mark) : [],
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

function chunkOf(pieces: readonly TokenizedWord[], { beginning, ending }: PhonemeTokenizer): IdChunk {
  const ids = [...beginning]
  const words = pieces.map(({ start, end, sound, after }) => {
    const first = ids.length
    ids.push(...sound)
    const last = ids.length
    ids.push(...after)
    return { start, end, first, last }
  })
  ids.push(...ending)
  return { ids, words }
}

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
