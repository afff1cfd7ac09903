import type { PhonemizedWord } from '../../../pronunciation/espeak/phonemizer.ts'
import { pauseMark } from '../../../pronunciation/espeak/text-words.ts'
import type { IdChunk, PhonemeTokenizer } from '../../phoneme-chunks.ts'

/** The marks that the voices were taught, each for those that are read alike. */
const marks: Readonly<Record<string, string>> = {
  ',': ',',
  ':': ',',
  ';': ',',
  '—': ',',
  '…': '.',
  '.': '.',
  '!': '!',
  '?': '?',
}

/** A sentence of fewer words ends in a full stop, whatever it is written with: so the voices were taught. */
const leastWords = 5

/** Most ids at once: the voices were taught with up to 15 s, which are 300 ids at their own speed. */
const mostIds = 190
const idsInLimit = 300
const leastIds = 40

/** The ids of a voice's characters, with those at both ends. */
export interface VieneuSymbols {
  readonly ids: ReadonlyMap<string, number>
  readonly beginning: number
  readonly end: number
}

/**
 * The phonemes that VieNeu was taught: eSpeak's Vietnamese ones, which are those of the north, but for a written r, which
 * is ɹ instead of z.
 */
export function withWrittenR(text: string, words: readonly PhonemizedWord[]): PhonemizedWord[] {
  return words.map((word) => {
    const written = text.slice(word.start, word.end).split(/[\s-]+/u)
    const spoken = word.phonemes.split(' ')
    if (written.length !== spoken.length) return word
    const phonemes = spoken.map((one, at) => (/^r/iu.test(written[at]!) ? one.replace(/^z/u, 'ɹ') : one))
    return { ...word, phonemes: phonemes.join(' ') }
  })
}

/** Tokenizer for a voice: an id for each character of its phonemes, for as much text as is taught at this speed. */
export function vieneuTokenizer({ ids, beginning, end }: VieneuSymbols, speed: number): PhonemeTokenizer {
  const known = (symbols: string): number[] => Array.from(symbols).flatMap((symbol) => ids.get(symbol) ?? [])
  return {
    maxIds: Math.max(leastIds, Math.min(mostIds, Math.floor(idsInLimit * speed))),
    sound: known,
    mark: (between, before, after) => {
      const mark = marks[pauseMark(between, before, after) ?? ''] ?? ''
      return after === '' ? mark : `${mark} `
    },
    markIds: known,
    beginning: [beginning],
    ending: [end],
  }
}

/** The ids of a chunk as the voices were taught: without a blank at the end, and always with a mark there. */
export function closedIds({ ids: all, words }: IdChunk, { ids, end }: VieneuSymbols): number[] {
  const stop = ids.get('.')
  const endMarks = new Set(['.', ',', '!', '?'].flatMap((mark) => ids.get(mark) ?? []))
  const spoken = all.slice(0, -1)
  while (spoken.at(-1) === ids.get(' ')) spoken.pop()
  const isShort = words.length < leastWords
  if (isShort && endMarks.has(spoken.at(-1)!)) spoken.pop()
  if (stop !== undefined && !endMarks.has(spoken.at(-1)!)) spoken.push(stop)
  return [...spoken, end]
}

/** How long a word's phonemes sound, in letters: without stress, tones and marks that change a letter. */
export function phonemeLetters(phonemes: string): number {
  return phonemes.match(/\p{L}/gu)?.filter((letter) => !/[ˈˌ]/u.test(letter)).length ?? 0
}
