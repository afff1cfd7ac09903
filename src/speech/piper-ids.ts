import { pauseMark } from './pause-marks.ts'
import type { PhonemeTokenizer } from './phoneme-runs.ts'
import type { PhonemizedWord } from './phonemes.ts'
import type { PiperConfig } from './piper-config.ts'
import { textWords } from './spoken-words.ts'

/** Each phoneme is followed by a pad, so these are two ids for each of 400 phonemes. */
const maxIds = 800

/** How a Piper voice is spelt: `^`, then each phoneme with a pad behind it, then `$` (piper, phoneme_ids.py). */
export function piperTokenizer(config: PiperConfig): PhonemeTokenizer {
  const { ids, phonemeMap, phonemes } = config
  const idsOf = (symbol: string): readonly number[] => ids.get(symbol) ?? []
  const pad = idsOf('_')
  const padded = (symbols: string): number[] =>
    Array.from(symbols).flatMap((symbol) => {
      const own = idsOf(symbol)
      return own.length === 0 ? [] : [...own, ...pad]
    })
  const characters = phonemes === 'characters'
  const written = (text: string): string => {
    const spelt = Array.from(text.normalize('NFD'), (symbol) => phonemeMap.get(symbol)?.join('') ?? symbol)
    return (characters ? spelt.map((symbol) => inKnownCase(symbol, ids)) : spelt).join('')
  }
  return {
    maxIds,
    sound: (sounds) => padded(written(sounds)),
    mark: characters ? (between) => between : piperPauseMarks,
    markIds: (mark) => padded(characters ? written(mark) : mark),
    beginning: [...idsOf('^'), ...pad],
    ending: idsOf('$'),
  }
}

/**
 * What stands between two words in Piper's marks, as its own phonemizer gives it: nothing parts a sentence from the next,
 * and what eSpeak hears as a long pause is a semicolon.
 */
export function piperPauseMarks(between: string, before: string, after: string): string {
  const mark = pauseMark(between, before, after)
  if (mark === undefined) return after === '' ? '.' : ' '
  const known = mark === '—' || mark === '…' ? ';' : mark
  return '.!?'.includes(known) || after === '' ? known : `${known} `
}

/** The words of a voice that is taught on characters: they are their own phonemes. */
export function characterWords(text: string): PhonemizedWord[] {
  return textWords(text).map(({ start, end }) => ({ start, end, phonemes: text.slice(start, end) }))
}

/** Piper folded the case of what it taught its first voices, and not that of its later ones. */
function inKnownCase(symbol: string, ids: PiperConfig['ids']): string {
  return ids.has(symbol) ? symbol : symbol.toLowerCase()
}
