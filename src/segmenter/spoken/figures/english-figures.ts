import { vulgarFraction } from '../../numeral-values.ts'
import { raised, raisedMixed } from './raised-fractions.ts'
import type { Rule } from '../text-changes.ts'

const units = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ')
const tens = '_ ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const irregular: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/** 0 to 99 in words: "twenty-one". */
function englishCardinal(value: number): string {
  if (value < 20) return units[value] ?? ''
  const unit = value % 10
  return (tens[Math.floor(value / 10)] ?? '') + (unit === 0 ? '' : `-${units[unit]}`)
}

/** 1 to 99 in words: "twenty-first". */
export function englishOrdinal(value: number): string {
  const cardinal = englishCardinal(value)
  const [, head = '', last = ''] = /^(.*-)?(\w+)$/.exec(cardinal) ?? []
  return head + (irregular[last] ?? last.replace(/y$/, 'ie').concat('th'))
}

/** 1000 to 2099 as years: "seventeen eighty-three", "nineteen oh six", "eighteen hundred". */
export function englishYear(year: number): string {
  if (year < 1000 || year >= 2100) return String(year)
  const [century, rest] = [Math.floor(year / 100), year % 100]
  // "two thousand three" is read as a plain number.
  if (century === 20 && rest < 10) return String(year)
  if (century === 10 && rest === 0) return 'one thousand'
  return `${englishCardinal(century)} ${rest === 0 ? 'hundred' : twoFigures(rest)}`
}

/** "oh six", "forty-five": the minutes after an hour, the years after a century. */
function twoFigures(value: number): string {
  return value < 10 ? `oh ${units[value]}` : englishCardinal(value)
}

/** "one half", "three quarters", "five eighths". */
function englishFraction(above: number, below: number): string {
  const part = below === 2 ? 'half' : below === 4 ? 'quarter' : englishOrdinal(below)
  const many = below === 2 ? 'halves' : `${part}s`
  return `${englishCardinal(above)} ${above === 1 ? part : many}`
}

/** Digit by digit, as in a telephone number: "five five five". */
function englishDigits(figures: string): string {
  return Array.from(figures, (figure) => (figure === '0' ? 'oh' : units[Number(figure)])).join(' ')
}

const monthNames =
  'January February March April May June July August September October November December'.split(' ')
const month = `(${monthNames.join('|')}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\.)`
const notDigit = '(?![\\d]|[.,:/]\\d)'
const year = '(1\\d{3}|20\\d\\d)'

/** "Oct." → "October". */
function monthOf(written: string): string {
  return monthNames.find((name) => name.startsWith(written.slice(0, 3))) ?? written
}

function dayOf(figures: string): string | undefined {
  const day = Number(figures)
  return day >= 1 && day <= 31 ? englishOrdinal(day) : undefined
}

/** Words that precede a day and a month, so that "3 May" is a date, not a number and a verb. */
const beforeDay =
  /(?:^|\b(?:on|by|from|until|till|to|since|before|after|dated|the|of|between|and|about|around) |[(,“"] ?)$/i

const sayDayMonth: Rule[1] = ({ 1: the = '', 2: day = '', 3: name = '', 4: after, index, input }) => {
  const ordinal = dayOf(day)
  const verb = /^(?:May|March)$/.test(name) && after === undefined
  if (ordinal === undefined || (verb && the === '' && !beforeDay.test(input.slice(0, index))))
    return undefined
  return `${the === '' ? 'the ' : the}${ordinal} of ${monthOf(name)}${after === undefined ? '' : ` ${englishYear(Number(after))}`}`
}

const sayMonthDay: Rule[1] = ([, name = '', day = '', until, comma, after]) => {
  const ordinal = dayOf(day)
  if (ordinal === undefined) return undefined
  const last = until === undefined ? '' : ` to ${dayOf(until)}`
  return `${monthOf(name)} ${ordinal}${last}${after === undefined ? '' : `${comma} ${englishYear(Number(after))}`}`
}

/** Words after which a number is a year whatever follows it. */
const yearBefore =
  /\b(?:in|since|year|circa|until|till|anno|A\.D\.|AD|summer of|winter of|autumn of|spring of|fall of|[A-Z][a-z]+ber|January|February|March|April|May|June|July|August),? $/i
/** Words after which a number is not a year. */
const countBefore =
  /(?:\b(?:number|no\.|nos\.|page|pp?\.|room|chapter|verse|line|house|flat|some|about|least|than|over|nearly|almost|exactly|another|these|those|all|his|her|their|my|our|your)|[#§$£€]) ?$/i
/** A counted noun: a plural, with or without s; short words with the same ending are excluded. */
const countedAfter =
  /^ (?:[a-z]+ )?(?!(?:was|is|his|as|this|has|its|us|yes|does|always|perhaps|besides|towards|afterwards|thus|across|goes|says|seems|comes)\b)(?:[a-z]{2,}s|men|women|people|feet|horse|foot|head|children|cattle|sheep|million)\b/

/** Whether four digits are a year; "1,500" and "1500 men" are counts. */
function isYear(figures: string, before: string, after: string): boolean {
  const value = Number(figures)
  if (yearBefore.test(before)) return value >= 1000 && value < 2100
  if (countBefore.test(before) || countedAfter.test(after)) return false
  return value >= 1100 && value < 2100
}

const sayYear: Rule[1] = ({ 0: found, index, input }) =>
  isYear(found, input.slice(0, index), input.slice(index + found.length))
    ? englishYear(Number(found))
    : undefined

const sayYears: Rule[1] = ([, from = '', to = '']) => {
  const [first, last] = [Number(from), Number(to)]
  if (to.length === 4 ? last <= first : last <= first % 100 || to.length !== 2) return undefined
  if (first < 1100 || first >= 2100 || last >= 2100) return undefined
  return `${englishYear(first)} to ${to.length === 4 ? englishYear(last) : twoFigures(last)}`
}

/** "the 1920s", "the 1800s", "the ’90s". */
const sayDecade: Rule[1] = ([, century = '', decade = '']) => {
  const name = decade === '0' ? 'hundreds' : englishCardinal(Number(decade) * 10).replace(/y$/, 'ies')
  if (century === '') return decade === '0' || decade === '1' ? undefined : name
  return decade === '1' ? undefined : `${englishCardinal(Number(century))} ${name}`
}

const sayTime: Rule[1] = ([, hours = '', minutes = '', half]) => {
  const [hour, minute] = [Number(hours), Number(minutes)]
  const tail = half ?? ''
  if (minute > 0)
    return `${hour === 0 && half === undefined ? 'zero' : englishCardinal(hour)} ${twoFigures(minute)}${tail}`
  if (half !== undefined) return `${englishCardinal(hour)}${tail}`
  if (hour % 24 === 0) return 'midnight'
  return hour > 12 ? `${englishCardinal(hour)} hundred` : `${englishCardinal(hour)} o’clock`
}

/** "0600 hours", "1430 hrs". */
const sayHours: Rule[1] = ([, hours = '', minutes = '']) => {
  const hour = hours.startsWith('0') ? englishDigits(hours) : englishCardinal(Number(hours))
  return `${hour} ${minutes === '00' ? 'hundred' : twoFigures(Number(minutes))} hours`
}

const sayMixed: Rule[1] = ([, whole = '', above = '', below = '', sign]) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 0 || over >= under || under > 20) return undefined
  const part = over === 1 && under === 2 ? 'a half' : englishFraction(over, under)
  return `${whole} and ${part}`
}

const sayFraction: Rule[1] = ([found, above = '', below = '']) => {
  const [over, under] = vulgarFraction(found) ?? [Number(above), Number(below)]
  if (over === 0 || over >= under || under > 20) return undefined
  return englishFraction(over, under)
}

/** "Room 101", "Flight 370": numbers that are names are read digit by digit. */
const sayName: Rule[1] = ([, what, hundreds = '', rest = '']) => {
  if (rest === '00') return undefined
  return `${what} ${englishCardinal(Number(hundreds))} ${twoFigures(Number(rest))}`
}

/** Years, dates, clock times, fractions and other digits that engines read as plain numbers. */
export const englishFigures: readonly Rule[] = [
  // With non-breaking spaces, or with at least two groups: 1 234 567.
  [
    /(?<![\d.,])\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|(?<![\d.,])\d{1,3}(?: \d{3}){2,}(?!\d)/g,
    ([found]) => found.replaceAll(/\D/g, ''),
  ],
  [
    new RegExp(`(?<![\\d.,:/])(\\bthe )?\\b(\\d{1,2}) ${month}(?![\\p{L}])(?:,? ${year}${notDigit})?`, 'gu'),
    sayDayMonth,
  ],
  [
    new RegExp(
      `\\b${month} (\\d{1,2})(?:[-–](\\d{1,2}))?${notDigit}(?!\\p{L}|[’'′]\\d|(?: [ap]\\.?m))(?:(,) ${year}${notDigit})?`,
      'gu',
    ),
    sayMonthDay,
  ],
  [/(?<![\d.,:/$£€]|\d-)(1[1-9]|20)(\d)0(?:[’']?s)\b/g, sayDecade],
  [/(?<![\p{L}\d])[’'‘]()(\d)0s\b/gu, sayDecade],
  [/(?<![\p{L}\d.,/–-])(\d{4}) ?[-–] ?(\d{4}|\d{2})(?![\p{L}\d/–-]|[.,]\d)/gu, sayYears],
  [/(?<!\d)([01]?\d|2[0-3])(?:[:.]?)([0-5]\d) ?h(?:ou)?rs\b\.?/g, sayHours],
  [/(?<![\d:.,])(0?\d|1[0-2])[:.]([0-5]\d)( ?(?:[ap]\.m\.|[AP]\.M\.|[ap]m\b|[AP]M\b))/g, sayTime],
  [/(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])/g, sayTime],
  [
    /(?<![\d:.,])(\d{1,2} )([AP])\. M\./g,
    ([, hour = '', letter = '']) => `${hour}${letter.toLowerCase()}.m.`,
  ],
  [/(?<![\d/.,])50\/50(?![\d/])/g, 'fifty-fifty'],
  [/(?<![\d/.,])24\/7(?![\d/])/g, 'twenty-four seven'],
  [/(?<![\d/.,])9\/11(?![\d/])/g, 'nine eleven'],
  [
    /(?<=\b(?:[Cc]all(?:ed|ing)?|[Dd]ial(?:l?ed|l?ing)?|[Rr](?:ing|ang)) )(\d{3})(?![\d-]|[.,]\d)/g,
    ([, figures = '']) => englishDigits(figures),
  ],
  [/(?<![\d/.,])(\d+)(?:[ -](\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))/g, sayMixed],
  [raisedMixed, raised(sayMixed)],
  [/(?<![\p{L}\d/.,$£€-])(\d{1,2})[/⁄](\d{1,2})(?![\p{L}\d/])|[¼-¾⅐-⅞]/gu, sayFraction],
  [
    /\b((?:[Rr]oom|[Ff]light|[Ss]uite|[Rr]oute|[Hh]ighway|[Aa]partment) (?:[Nn]o\. )?)(\d)(\d\d)(?!\d|[.,]\d)/g,
    sayName,
  ],
  [
    /(?<![\d-])(\d{3})-(\d{4})(?![\d-])/g,
    ([, head = '', tail = '']) => `${englishDigits(head)}, ${englishDigits(tail)}`,
  ],
  [new RegExp(`(?<![\\p{L}\\d.,:/–-])\\d{4}(?![\\p{L}\\d/–-]|[.,:]\\d)`, 'gu'), sayYear],
]

const bookNumbers: Readonly<Record<string, string>> = {
  1: 'First',
  2: 'Second',
  3: 'Third',
  I: 'First',
  II: 'Second',
  III: 'Third',
}
const sayBook: Rule[1] = ([found]) => bookNumbers[found]

/** Books of the Bible: "I Kings 5" is "First Kings 5". Without a chapter "I John" is somebody who speaks, "3 Kings" are three. */
export const englishScripture: readonly Rule[] = [
  [
    /(?<![\p{L}\d.,:’'-])(?:I{1,3}|[123])(?=\s(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John|Maccabees|Esdras)\s\d)/gu,
    sayBook,
  ],
  [
    /(?<![\p{L}\d.,:’'-])I{1,3}(?=\s(?:Kings|Chronicles|Corinthians|Thessalonians|Maccabees|Esdras)(?!\p{L}))/gu,
    sayBook,
  ],
  [/(?<![\p{L}\d.,:’'-]|\p{Lu}\p{Ll}+\s)I{2,3}(?=\s(?:Samuel|Timothy|Peter|John)(?!\p{L}))/gu, sayBook],
]
