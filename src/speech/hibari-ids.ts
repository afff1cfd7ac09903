import { hibariMarks, hibariSymbols } from './hibari-symbols.ts'
import type { PhonemeWord } from './phonemes.ts'
import type { TextWord } from './spoken-words.ts'

/** What the network is given at once. */
export interface IdRun {
  /** With the 0 that belongs at either end. */
  readonly ids: readonly number[]
  /** The words, each with `[first, last)` of its ids. */
  readonly words: readonly (TextWord & { readonly first: number; readonly last: number })[]
}

/** The network was taught on sentences; longer ones it mumbles, and its memory grows with the square of the length. */
const mostIds = 400

interface Piece extends TextWord {
  readonly sound: readonly number[]
  /** The marks and blank after the word, with the text they stand for. */
  readonly after: readonly number[]
  readonly mark: string
}

/**
 * The ids of a text's phonemes, in runs of at most 400: cut after a sentence where one ends in the later half, else
 * after a clause, else between words. Phonemes without an id are left out. Empty when nothing is left.
 */
export function hibariIds(
  text: string,
  words: readonly PhonemeWord[],
  ids: ReadonlyMap<string, number>,
): IdRun[] {
  const runs: IdRun[] = []
  let pieces = idPieces(text, words, ids)
  while (pieces.length > 0) {
    const count = piecesThatFit(pieces)
    runs.push(runOf(pieces.slice(0, count)))
    pieces = pieces.slice(count)
  }
  return runs
}

function idPieces(text: string, words: readonly PhonemeWord[], ids: ReadonlyMap<string, number>): Piece[] {
  const known = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const id = ids.get(symbol)
      return id === undefined ? [] : [id]
    })
  return words.flatMap(({ start, end, phonemes }, index) => {
    const sound = known(hibariSymbols(phonemes))
    if (sound.length === 0) return []
    const next = words[index + 1]
    const before = text.slice(start, end)
    const mark = hibariMarks(
      text.slice(end, next?.start ?? text.length),
      before,
      next === undefined ? '' : text.slice(next.start, next.end),
    )
    const after = known(mark)
    // A word longer than a run ("Aaaa…") is cut wherever the run is full.
    const parts = Math.ceil(sound.length / (mostIds / 2))
    return Array.from({ length: parts }, (_, part) => ({
      start,
      end,
      sound: sound.slice((part * mostIds) / 2, ((part + 1) * mostIds) / 2),
      after: part === parts - 1 ? after : [],
      mark: part === parts - 1 ? mark : '',
    }))
  })
}

function piecesThatFit(pieces: readonly Piece[]): number {
  let length = 2
  let best = { count: 1, rank: -1 }
  for (const [index, { sound, after, mark }] of pieces.entries()) {
    length += sound.length + after.length
    if (length > mostIds) return best.count
    const late = length > mostIds / 2
    const rank = late ? (/[.!?…]/u.test(mark) ? 2 : /[,;:—]/u.test(mark) ? 1 : 0) : -1
    if (rank >= best.rank) best = { count: index + 1, rank }
  }
  return pieces.length
}

function runOf(pieces: readonly Piece[]): IdRun {
  const ids = [0]
  const words = pieces.map(({ start, end, sound, after }) => {
    const first = ids.length
    ids.push(...sound)
    const last = ids.length
    ids.push(...after)
    return { start, end, first, last }
  })
  ids.push(0)
  return { ids, words }
}
