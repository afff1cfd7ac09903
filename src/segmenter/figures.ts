import { applyRules, type Change, type Passage, type Rule } from './changes.ts'
import { englishFigures } from './english-figures.ts'
import { frenchFigures } from './french-figures.ts'
import { germanFigures } from './german-figures.ts'
import { italianFigures } from './italian-figures.ts'
import { koreanFigures } from './korean-figures.ts'
import { portugueseFigures } from './portuguese-figures.ts'
import { russianFigures } from './russian-figures.ts'
import { spanishFigures, spanishWords } from './spanish-figures.ts'
import { vietnameseFigures, vietnameseWords } from './vietnamese-figures.ts'

/** By language: dates, clock times, fractions, ordinals and numbers that its engines do not say as people do. */
const rulesByLanguage: Readonly<Record<string, readonly Rule[]>> = {
  en: englishFigures,
  de: germanFigures,
  es: spanishFigures,
  fr: frenchFigures,
  it: italianFigures,
  ko: koreanFigures,
  pt: portugueseFigures,
  ru: russianFigures,
  vi: vietnameseFigures,
}

export function sayFigures({ text, language }: Passage, changes: Change[]): void {
  const known = rulesByLanguage[language.code]
  if (known) applyRules(changes, text, known)
}

const finishByLanguage: Readonly<Record<string, (spoken: string) => string>> = {
  es: spanishWords,
  vi: vietnameseWords,
}

/** Says the figures that other rules (money, units, dates) left in what they say, where engines say figures wrong. */
export function finishFigures(code: string, changes: readonly Change[]): readonly Change[] {
  const finish = finishByLanguage[code]
  if (!finish) return changes
  return changes.map((change) => ({ ...change, spoken: finish(change.spoken) }))
}
