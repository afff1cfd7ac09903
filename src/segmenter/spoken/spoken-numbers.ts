import { englishFigures } from './figures/english-figures.ts'
import { frenchFigures } from './figures/french-figures.ts'
import { germanFigures, germanStem } from './figures/german-figures.ts'
import { italianFigures, italianWords } from './figures/italian-figures.ts'
import { koreanFigures } from './figures/korean-figures.ts'
import { portugueseFigures, portugueseWords } from './figures/portuguese-figures.ts'
import { russianFigures } from './figures/russian-figures.ts'
import { russianHeadings } from './figures/russian-ordinals.ts'
import { spanishFigures, spanishWords } from './figures/spanish-figures.ts'
import { vietnameseFigures, vietnameseWords } from './figures/vietnamese-figures.ts'
import type { LanguageRules } from '../language-rules.ts'
import { addChanges, applyRules, type Change, type Passage, type Rule } from './text-changes.ts'

/** By language: dates, clock times, fractions, ordinals and numbers that its engines misread. */
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

/** Numbers of chapters that are ordinals: Russian "Глава 12". */
export function sayHeadingNumbers({ text, language, kind }: Passage, changes: Change[]): void {
  if (language.code === 'ru' && kind === 'heading') applyRules(changes, text, russianHeadings)
}

export function sayFigures({ text, language }: Passage, changes: Change[]): void {
  const known = rulesByLanguage[language.code]
  if (known) applyRules(changes, text, known)
}

const finishByLanguage: Readonly<Record<string, (spoken: string, region: string) => string>> = {
  es: spanishWords,
  it: italianWords,
  pt: portugueseWords,
  vi: vietnameseWords,
}

/**
 * Converts the digits that other rules (money, units, dates) left in their output, in languages whose engines misread
 * digits.
 */
export function finishFigures(
  { code, region }: LanguageRules,
  changes: readonly Change[],
): readonly Change[] {
  const finish = finishByLanguage[code]
  if (!finish) return changes
  return changes.map((change) => ({ ...change, spoken: finish(change.spoken, region) }))
}

/** The word between the ends of a range, and the word for № and #. */
const rangeWords: Readonly<Record<string, readonly [to: string, number: string]>> = {
  en: ['to', 'number'],
  fr: ['à', 'numéro'],
  de: ['bis', 'Nummer'],
  es: ['a', 'número'],
  vi: ['đến', 'số'],
  it: ['a', 'numero'],
  pt: ['a', 'número'],
}

const range = /(?<![\p{L}\d.,/–-])(\d{1,4})[-–](\d{1,4})(?![\p{L}\d/–-]|[.,]\d)/gu
const numberSign = /(?:№|\bN[°º]\.?|(?<!\p{L})n\.?[°º]|(?<!\p{L})#)\s?(?=\d)/giu
/** Languages whose engines read "20 000" as two numbers. */
const spaced = new Set(['fr', 'it', 'pt', 'ru'])
const spacedThousands = /(?<![\d.,])\d{1,3}(?:[   ]\d{3})+(?!\d)/g

/** Numbers that engines misread: № 5, 1914–18 ("dash"), French 1 000. */
export function sayNumbers({ text, language }: Passage, changes: Change[]): void {
  if (spaced.has(language.code))
    addChanges(changes, text, spacedThousands, ([found]) => found.replaceAll(/\D/g, ''))
  const word = rangeWords[language.code]
  if (!word) return
  addChanges(changes, text, numberSign, `${word[1]} `)
  addChanges(changes, text, range, ([found, from = '', to = '']) => {
    const telephone = from.length === 3 && to.length === 4
    const shortened = from.length > to.length && to.length > 1
    if ((Number(from) < Number(to) && !telephone) || shortened) return `${from} ${word[0]} ${to}`
    return found.includes('-') ? found.replace('-', '–') : undefined
  })
}

/** Ordinals that eSpeak NG reads as plain numbers: German "3. Oktober". It reads English "21st" correctly. */
export function sayOrdinals({ text, language }: Passage, changes: Change[]): void {
  if (language.code === 'de') {
    addChanges(
      changes,
      text,
      /(?<![\d.,])(\d{1,2})\.(?=\s(\p{Lu}\p{Ll}+))/gu,
      ({ 1: digits, 2: noun = '', index }) => {
        const value = Number(digits)
        // At the beginning "3. Wir …" is a list item.
        const counts = index > 0 || germanEndings[noun.toLowerCase()] !== undefined
        if (value === 0 || !counts || language.starters.has(noun.toLowerCase())) return undefined
        return germanOrdinal(value, text.slice(0, index), noun)
      },
    )
  }
}

/**
 * A German ordinal below 100 with the ending that the surrounding words require: "am dritten", "der dritte Mai",
 * "Drittes Kapitel".
 */
export function germanOrdinal(value: number, before: string, after: string): string {
  const word = /(\p{L}+)\s*$/u.exec(before)?.[1]?.toLowerCase() ?? ''
  const noun = /^\p{L}+/u.exec(after)?.[0].toLowerCase() ?? ''
  const strong = germanEndings[noun] ?? 'er'
  const ordinal =
    germanStem(value) + (germanWeakWords.has(word) ? 'en' : germanWeakNominatives.has(word) ? 'e' : strong)
  return before.trim() === '' ? ordinal.charAt(0).toUpperCase() + ordinal.slice(1) : ordinal
}

/** Words after an ordinal without an article that are not masculine. */
const germanEndings: Readonly<Record<string, string>> = {
  kapitel: 'es',
  buch: 'es',
  jahrhundert: 'es',
  szene: 'e',
  auflage: 'e',
  teil: 'er',
  akt: 'er',
  brief: 'er',
  gesang: 'er',
  band: 'er',
}

const germanWeakWords = new Set(
  'am vom zum zur im beim dem den des einem einen seinem seinen ihrem ihren diesem diesen bis seit ab'.split(
    ' ',
  ),
)
const germanWeakNominatives = new Set(['der', 'die', 'das', 'dieser', 'diese', 'dieses', 'jede', 'jeder'])
