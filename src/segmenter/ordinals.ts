import { addChanges, type Change, type Passage } from './changes.ts'
import { germanStem } from './german-numbers.ts'

/** Ordinals that eSpeak NG reads as plain numbers: German "3. Oktober". English "21st" it reads itself. */
export function sayOrdinals({ text, language }: Passage, changes: Change[]): void {
  if (language.code === 'de') {
    addChanges(
      changes,
      text,
      /(?<![\d.,])(\d{1,2})\.(?=\s(\p{Lu}\p{Ll}+))/gu,
      ({ 1: digits, 2: noun = '', index }) => {
        const value = Number(digits)
        // At the beginning "3. Wir …" counts the sentences of a list.
        const counts = index > 0 || germanEndings[noun.toLowerCase()] !== undefined
        if (value === 0 || !counts || language.starters.has(noun.toLowerCase())) return undefined
        return germanOrdinal(value, text.slice(0, index), noun)
      },
    )
  }
}

/**
 * A German ordinal below 100 with the ending that the words before and after ask for: "am dritten", "der dritte Mai",
 * "Drittes Kapitel".
 */
export function germanOrdinal(value: number, before: string, after: string): string {
  const word = /(\p{L}+)\s*$/u.exec(before)?.[1]?.toLowerCase() ?? ''
  const noun = /^\p{L}+/u.exec(after)?.[0].toLowerCase() ?? ''
  const strong = germanEndings[noun] ?? 'er'
  const ordinal = germanStem(value) + (germanWeakWords.has(word) ? 'en' : germanWeakNominatives.has(word) ? 'e' : strong)
  return before.trim() === '' ? ordinal.charAt(0).toUpperCase() + ordinal.slice(1) : ordinal
}

/** What follows an ordinal without an article, where it is not masculine. */
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
