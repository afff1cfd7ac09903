import type { LanguageRules } from '../language-rules.ts'
import { addChanges, type Change, type Passage } from './text-changes.ts'
import { englishOrdinal, englishYear } from './figures/english-figures.ts'
import { germanYear } from './figures/german-figures.ts'
import { germanOrdinal } from './spoken-numbers.ts'

const months: Readonly<Record<string, readonly string[]>> = {
  en: 'January February March April May June July August September October November December'.split(' '),
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  de: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
  it: 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(
    ' ',
  ),
  pt: 'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'.split(' '),
}

const numeric = /(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)/g
const iso = /(?<![\d/.-])(\d{4})-(\d{2})-(\d{2})(?![\d/-])/g
/** Vietnamese day and month; without its word it could be a fraction. */
const vietnameseDay = /((?:[Nn]gày|[Hh]ôm|[Ss]áng|[Tt]ối|[Mm]ùng))\s(\d{1,2})[/-](\d{1,2})(?![\d/])/gu

/**
 * Expands numeric dates in the order of the book's country: "3/4/1998" is March 4 in English, 4 March in British
 * English, 3 avril…
 */
export function sayDates({ text, language }: Passage, changes: Change[]): void {
  if (!/[/.-]/.test(text)) return
  addChanges(changes, text, iso, ([, year = '', month = '', day = '']) =>
    sayDate(Number(day), Number(month), year, language, ''),
  )
  addChanges(changes, text, numeric, ({ 1: a = '', 2: mark, 3: b = '', 4: year = '', index }) => {
    // "1.2.10" is as often a section number, except in German.
    if (year.length === 2 && (mark === '-' || (mark === '.' && language.code !== 'de'))) return undefined
    if (mark === '.' && language.code === 'en') return undefined
    const monthFirst = language.code === 'en' && !dayFirst.has(language.region)
    const swapped = Number(a) > 12 ? false : Number(b) > 12 || monthFirst
    const [day, month] = swapped ? [Number(b), Number(a)] : [Number(a), Number(b)]
    return sayDate(day, month, year, language, text.slice(0, index))
  })
  if (language.code !== 'vi') return
  addChanges(changes, text, vietnameseDay, ([, word, day, month]) =>
    Number(month) <= 12 && Number(day) <= 31
      ? `${word} ${day} tháng ${month === '4' || month === '04' ? 'tư' : month}`
      : undefined,
  )
}

/** English-speaking countries that write the day first. */
const dayFirst = new Set(['GB', 'AU', 'NZ', 'IE', 'IN', 'ZA'])

function sayDate(
  day: number,
  month: number,
  year: string,
  language: LanguageRules,
  before: string,
): string | undefined {
  if (day < 1 || day > 31 || month < 1 || month > 12) return undefined
  const name = months[language.code]?.[month - 1]
  switch (language.code) {
    case 'en':
      return dayFirst.has(language.region)
        ? `${/\bthe\s$/i.test(before) ? '' : 'the '}${englishOrdinal(day)} of ${name} ${englishYear(Number(year))}`
        : `${name} ${englishOrdinal(day)}, ${englishYear(Number(year))}`
    case 'fr':
      return `${day === 1 ? '1er' : day} ${name} ${year}`
    case 'es':
      return `${day} de ${name} de ${year}`
    case 'it':
      return `${day === 1 ? 'primo' : day} ${name} ${year}`
    case 'pt':
      return `${day === 1 ? 'primeiro' : day} de ${name} de ${year}`
    case 'de':
      return `${germanOrdinal(day, before, name ?? '')} ${name} ${sayGermanYear(year)}`
    case 'vi':
      return `${/ngày\s$/i.test(before) ? '' : 'ngày '}${day} tháng ${month === 4 ? 'tư' : month} năm ${year}`
    default:
      return undefined
  }
}

function sayGermanYear(year: string): string {
  return /^1[1-9]\d\d$/.test(year) ? germanYear(Number(year)) : year
}
