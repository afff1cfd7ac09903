import { changeAll, type Change, type Passage } from './changes.ts'

/** Ordinals that eSpeak NG reads as plain numbers: German "3. Oktober", French "2e". English "21st" it reads itself. */
export function sayOrdinals({ text, language }: Passage, changes: Change[]): void {
  if (language.code === 'de') {
    changeAll(
      changes,
      text,
      /(?<![\d.,])(\d{1,2})\.(?=\s(\p{Lu}\p{Ll}+))/gu,
      ({ 1: digits, 2: noun = '', index }) => {
        const value = Number(digits)
        // At the beginning "3. Wir …" counts the sentences of a list.
        const counts = index > 0 || endings[noun.toLowerCase()] !== undefined
        if (value === 0 || !counts || language.starters.has(noun.toLowerCase())) return undefined
        return germanOrdinal(value, text.slice(0, index), noun)
      },
    )
  }
  if (language.code === 'fr') {
    changeAll(changes, text, /(?<![\d.,])(\d{1,3})(?:ème|e|ᵉ)(?!\p{L})/gu, ([, digits]) =>
      frenchOrdinal(Number(digits)),
    )
  }
}

const germanUnits =
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(
    ' ',
  )
const germanTens = '_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ')
const irregular: Readonly<Record<number, string>> = { 1: 'erst', 3: 'dritt', 7: 'siebt', 8: 'acht' }

/**
 * A German ordinal below 100 with the ending that the words before and after ask for: "am dritten", "der dritte Mai",
 * "Drittes Kapitel".
 */
export function germanOrdinal(value: number, before: string, after: string): string {
  const word = /(\p{L}+)\s*$/u.exec(before)?.[1]?.toLowerCase() ?? ''
  const noun = /^\p{L}+/u.exec(after)?.[0].toLowerCase() ?? ''
  const strong = endings[noun] ?? 'er'
  const ordinal = germanStem(value) + (weakAll.has(word) ? 'en' : weakNominative.has(word) ? 'e' : strong)
  return before.trim() === '' ? ordinal.charAt(0).toUpperCase() + ordinal.slice(1) : ordinal
}

/** What follows an ordinal without an article, where it is not masculine. */
const endings: Readonly<Record<string, string>> = {
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

const weakAll = new Set(
  'am vom zum zur im beim dem den des einem einen seinem seinen ihrem ihren diesem diesen bis seit ab'.split(
    ' ',
  ),
)
const weakNominative = new Set(['der', 'die', 'das', 'dieser', 'diese', 'dieses', 'jede', 'jeder'])

export function germanStem(value: number): string {
  if (value >= 20) {
    const unit = value % 10
    const tens = germanTens[Math.floor(value / 10)] ?? ''
    const one = unit === 1 ? 'ein' : germanUnits[unit]
    return `${unit === 0 ? '' : `${one}und`}${tens}st`
  }
  return irregular[value] ?? `${germanUnits[value]}t`
}

const frenchUnits =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' ',
  )
const frenchTens = '_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(
  ' ',
)

/** A French ordinal below 100: "deuxième", "dix-neuvième"; above, the figures as they are, `undefined`. */
export function frenchOrdinal(value: number): string | undefined {
  if (value < 1 || value >= 100) return undefined
  if (value === 1) return 'premier'
  return frenchCardinal(value)
    .replace(/quatre-vingts$/, 'quatre-vingt')
    .replace(/f$/, 'v')
    .replace(/cinq$/, 'cinqu')
    .replace(/e$/, '')
    .concat('ième')
}

function frenchCardinal(value: number): string {
  if (value < 20) return frenchUnits[value] ?? ''
  const ten = Math.floor(value / 10)
  const unit = ten === 7 || ten === 9 ? (value % 10) + 10 : value % 10
  const tens = frenchTens[ten] ?? ''
  if (unit === 0) return tens
  const joint = (unit === 1 || unit === 11) && ten < 8 ? ' et ' : '-'
  return `${tens}${joint}${frenchUnits[unit]}`
}
