import { addChanges, type Change, type Passage } from './changes.ts'

/** What stands between the ends of a range, and what № and # are. */
const rangeWords: Readonly<Record<string, readonly [to: string, number: string]>> = {
  en: ['to', 'number'],
  fr: ['à', 'numéro'],
  de: ['bis', 'Nummer'],
  es: ['a', 'número'],
  vi: ['đến', 'số'],
}

const range = /(?<![\p{L}\d.,/–-])(\d{1,4})[-–](\d{1,4})(?![\p{L}\d/–-]|[.,]\d)/gu
const numberSign = /(?:№|\bN[°º]\.?|(?<!\p{L})n\.?[°º]|(?<!\p{L})#)\s?(?=\d)/giu
const spacedThousands = /(?<![\d.,])\d{1,3}(?:[   ]\d{3})+(?!\d)/g

/** Numbers that engines stumble over: № 5, 1914–18 ("dash"), French 1 000. */
export function sayNumbers({ text, language }: Passage, changes: Change[]): void {
  const word = rangeWords[language.code]
  if (!word) return
  addChanges(changes, text, numberSign, `${word[1]} `)
  addChanges(changes, text, range, ([found, from = '', to = '']) => {
    const telephone = from.length === 3 && to.length === 4
    const shortened = from.length > to.length && to.length > 1
    if ((Number(from) < Number(to) && !telephone) || shortened) return `${from} ${word[0]} ${to}`
    return found.includes('-') ? found.replace('-', '–') : undefined
  })
  if (language.code === 'fr') {
    addChanges(changes, text, spacedThousands, ([found]) => found.replaceAll(/\D/g, ''))
  }
}
