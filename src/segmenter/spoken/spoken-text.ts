import type { BlockKind, Reading } from '../../novel/novel.ts'
import { annotate } from '../../novel/pronunciation-annotations.ts'
import type { Edit } from '../../novel/segment.ts'
import {
  digit,
  isSpeakable,
  letter,
  unusual,
  space,
  terminator,
  traitsAt,
  upper,
} from '../character-traits.ts'
import type { LanguageRules } from '../language-rules.ts'
import { sayAddresses, lowerCapitals, cleanMarks, separateWords } from './typography.ts'
import { expandAbbreviations, sayStreets } from './abbreviations.ts'
import { applyChanges, type Change, type SpokenText } from './text-changes.ts'
import { sayChineseNumbers } from './figures/chinese-figures.ts'
import { sayCurrency } from './currency.ts'
import { sayDates } from './dates.ts'
import { finishFigures, sayFigures, sayHeadingNumbers, sayNumbers, sayOrdinals } from './spoken-numbers.ts'
import { sayMathematics } from './mathematics.ts'
import { sayRomans, saySignNumerals } from './roman-numerals.ts'
import { sayTex } from './tex.ts'
import { sayUnits } from './measurement-units.ts'

/**
 * The engine's input for `[start, end)` of a block's text: one line, trimmed. `undefined` if nothing speakable is left.
 * What engines read correctly (Dr., 1998, 21st, 10:30 p.m., %) is not changed.
 */
export function spokenText(
  text: string,
  start: number,
  end: number,
  language: LanguageRules,
  kind: BlockKind,
  readings: readonly Reading[] = [],
): SpokenText | undefined {
  const seen = scanTraits(text, start, end)
  // Unspeakable text may have any length, all other text is one utterance: the rules need not be fast on long text.
  if ((seen & (letter | digit)) === 0 && !isSpeakable(text, start, end)) return undefined
  const changes: Change[] = []
  const passage = { text: text.slice(start, end), language, kind }
  // Readings given by the book itself.
  for (const reading of readings)
    if (reading.start >= start && reading.end <= end)
      changes.push({ start: reading.start - start, end: reading.end - start, spoken: saidAs(text, reading) })
  // The most specific rules first: a rule may not touch what an earlier one has changed.
  if (seen & (unusual | glued)) sayAddresses(passage, changes)
  if (seen & unusual)
    sayTex(passage, changes, (words) => spokenText(words, 0, words.length, language, 'paragraph')?.spoken)
  if (kind === 'heading') sayHeadingNumbers(passage, changes)
  if (seen & unusual) saySignNumerals(passage, changes)
  if (seen & digit) {
    if (language.code === 'zh') sayChineseNumbers(passage, changes)
    else {
      sayCurrency(passage, changes)
      sayDates(passage, changes)
      sayUnits(passage, changes)
      sayMathematics(passage, changes)
      sayFigures(passage, changes)
      sayOrdinals(passage, changes)
      sayNumbers(passage, changes)
    }
  }
  if (seen & unusual) sayMathematics(passage, changes)
  if (seen & (letter | upper)) sayRomans(passage, changes)
  if (seen & dotted) sayStreets(passage, changes)
  if (seen & (dotted | upper | unusual)) expandAbbreviations(passage, changes)
  if (seen & capitals) lowerCapitals(passage, changes)
  if (seen & glued) separateWords(passage, changes)
  if (seen & (unusual | repeatedMarks)) cleanMarks(passage, changes)
  if (changes.length === 0 && (seen & (unusual | spaces)) === 0) return asWritten(text, start, end)
  const result = applyChanges(passage.text, finishFigures(language, changes))
  return isSpeakable(result.spoken, 0, result.spoken.length) ? result : undefined
}

function saidAs(text: string, { start, end, said, ipa }: Reading): string {
  const written = text.slice(start, end)
  return said ?? (ipa === undefined ? written : annotate(written, ipa))
}

/** The source unchanged, without the spaces around it. */
function asWritten(text: string, start: number, end: number): SpokenText {
  let from = start
  let to = end
  while (traitsAt(text, from) & space) from++
  while (traitsAt(text, to - 1) & space) to--
  const edits: Edit[] = []
  if (from > start) edits.push([0, from - start, 0, 0])
  if (to < end) edits.push([to - start, end - start, to - from, to - from])
  return { spoken: text.slice(from, to), edits }
}

/** Two adjacent capitals. */
const capitals = 1 << 12
/** A period. */
const dotted = 1 << 13
/** A stop directly followed by a dash or a letter. */
const glued = 1 << 14
/** Two adjacent spaces. */
const spaces = 1 << 15
/** ". .", "--", "….". */
const repeatedMarks = 1 << 16

/** All traits of the text's characters and pairs, collected in one pass, so that a rule runs only if it can match. */
function scanTraits(text: string, start: number, end: number): number {
  let seen = 0
  let before = 0
  let last = 0
  for (let i = start; i < end; i++) {
    const traits = traitsAt(text, i)
    seen |= traits
    if (traits & before & upper) seen |= capitals
    if (traits & before & space) seen |= spaces
    const unit = text.charCodeAt(i)
    if (unit === 0x2e) {
      seen |= dotted
      if (before & space || last === 0x2026) seen |= repeatedMarks
    } else if (unit === 0x2d && last === 0x2d) seen |= repeatedMarks
    if (before & terminator && (traits & letter || unit === 0x2014 || unit === 0x2d)) seen |= glued
    before = traits
    last = unit
  }
  return seen
}
