import { type HibariAccent, hibariMarks, hibariSymbols } from './hibari-symbols.ts'
import type { Spelling } from './phoneme-runs.ts'

/** The network's memory grows with the square of the length. */
const mostIds = 400

/** How hibari's voices are spelt: one id for each of Kokoro's symbols, a 0 at either end. */
export function hibariSpelling(
  ids: ReadonlyMap<string, number>,
  accent: HibariAccent,
  doubleR = false,
): Spelling {
  const known = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const id = ids.get(symbol)
      return id === undefined ? [] : [id]
    })
  return {
    mostIds,
    sound: (phonemes) => known(hibariSymbols(phonemes, accent, doubleR)),
    mark: hibariMarks,
    markIds: known,
    beginning: [0],
    ending: [0],
  }
}
