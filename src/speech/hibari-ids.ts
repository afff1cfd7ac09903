import { type HibariAccent, hibariPauseMarks, hibariSymbols } from './hibari-symbols.ts'
import type { PhonemeTokenizer } from './phoneme-runs.ts'

/** The network's memory grows with the square of the length. */
const maxIds = 400

/** How hibari's voices are spelt: one id for each of Kokoro's symbols, a 0 at either end. */
export function hibariTokenizer(
  ids: ReadonlyMap<string, number>,
  accent: HibariAccent,
  doubleR = false,
): PhonemeTokenizer {
  const known = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const id = ids.get(symbol)
      return id === undefined ? [] : [id]
    })
  return {
    maxIds,
    sound: (phonemes) => known(hibariSymbols(phonemes, accent, doubleR)),
    mark: hibariPauseMarks,
    markIds: known,
    beginning: [0],
    ending: [0],
  }
}
