import { vulgarFraction } from '../../numeral-values.ts'
import { raised, raisedMixed } from './raised-fractions.ts'
import type { Rule } from '../text-changes.ts'

const units = (
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn ' +
  'achtzehn neunzehn'
).split(' ')
const tens = '_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ')

/** 0 to 99 in one word: "einundzwanzig"; before a noun "eins" is "ein". */
function germanCardinal(value: number): string {
  if (value < 20) return units[value] ?? ''
  const unit = value % 10
  const lead = unit === 0 ? '' : `${unit === 1 ? 'ein' : units[unit]}und`
  return lead + (tens[Math.floor(value / 10)] ?? '')
}

/** 1100 to 1999 as years: "achtzehnhundertachtundvierzig". */
export function germanYear(year: number): string {
  const rest = year % 100
  return `${germanCardinal(Math.floor(year / 100))}hundert${rest === 0 ? '' : germanCardinal(rest)}`
}

const irregular: Readonly<Record<number, string>> = { 1: 'erst', 3: 'dritt', 7: 'siebt', 8: 'acht' }

/** An ordinal below 100 without its ending: "dritt", "einundzwanzigst". */
export function germanStem(value: number): string {
  return irregular[value] ?? germanCardinal(value) + (value < 20 ? 't' : 'st')
}

const sayTime: Rule[1] = ([, hours = '', minutes = '']) => {
  const [hour, minute] = [Number(hours), Number(minutes)]
  const spoken = hour === 1 ? 'ein' : germanCardinal(hour)
  return `${spoken} Uhr${minute === 0 ? '' : ` ${germanCardinal(minute)}`}`
}

/** Feminine nouns measured in halves; others are treated as masculine or neuter, which share "ein halb". */
const feminine = new Set(
  'stunde minute sekunde meile flasche tasse tonne woche seite elle portion dose million milliarde drehung nacht strecke unze kanne'.split(
    ' ',
  ),
)
const neuter = new Set(
  'jahr pfund kilo kilogramm dutzend glas gramm brot leben jahrhundert viertel buch schwein hähnchen huhn dorf haus fass'.split(
    ' ',
  ),
)
const dative = new Set('mit von nach seit bei aus in vor zu'.split(' '))

/** "½ Liter" is "ein halber Liter", "1/2 Stunde" "eine halbe Stunde", "in 1/2 Stunde" "in einer halben Stunde". */
function half(noun: string, before: string): string {
  const word = (/(\p{L}+)\s$/u.exec(before)?.[1] ?? '').toLowerCase()
  const low = noun.toLowerCase()
  if (noun === '') return 'ein halb'
  if (feminine.has(low)) return dative.has(word) ? 'einer halben' : 'eine halbe'
  if (dative.has(word)) return 'einem halben'
  return neuter.has(low) ? 'ein halbes' : 'ein halber'
}

const sayFraction: Rule[1] = ({ 1: above = '', 2: below = '', 3: sign, 4: noun = '', index, input }) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 0 || over >= under || under > 100) return undefined
  if (over === 1 && under === 2) return half(noun, input.slice(0, index))
  return sayParts(over, under)
}

/** "ein Drittel", "drei Viertel", "fünf Achtel". */
function sayParts(above: number, below: number): string {
  const stem = germanStem(below)
  const part = below === 2 ? 'halbe' : `${stem.charAt(0).toUpperCase()}${stem.slice(1)}el`
  return `${above === 1 ? 'ein' : germanCardinal(above)} ${part}`
}

const sayMixed: Rule[1] = ([, whole = '', above = '', below = '', sign]) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  const value = Number(whole)
  if (over === 0 || over >= under || value > 99) return undefined
  const lead = value === 1 ? 'ein' : germanCardinal(value)
  return over === 1 && under === 2 ? `${lead}einhalb` : `${lead} ${sayParts(over, under)}`
}

const sayYear: Rule[1] = ([found]) => germanYear(Number(found))

/** "1914–18", "1756–1763". */
const sayYears: Rule[1] = ([, from = '', to = '']) => {
  const last = to.length === 4 ? germanYear(Number(to)) : germanCardinal(Number(to))
  return `${germanYear(Number(from))} bis ${last}`
}

/** Nouns in -e are feminine but for these. */
const notFeminine = /^(?:Name|Junge|Knabe|Bote|Erbe|Herr|Hase|Affe|Löwe|Käse|Riese|Zeuge|Gefährte|Ende|Auge)$/

/** What has a number rather than a count. */
const numbered =
  /(?:Kapitel|Nummer|Nr\.|Seite|Band|Teil|Buch|Akt|Szene|Zimmer|Platz|Haus|Bild|Artikel|Absatz|Linie|Gleis|Tor|Block|Stufe|Klasse)\s$/

/** "1 Stunde" is "eine Stunde", "1 Buch" "ein Buch"; after a noun it is its number: "Kapitel 1". */
const sayOne: Rule[1] = ({ 1: noun = '', index, input }) => {
  if (numbered.test(input.slice(Math.max(0, index - 14), index))) return undefined
  const ends = /(?:e|ung|heit|keit|schaft|ion|tät)$/.test(noun)
  return ends && !notFeminine.test(noun) ? 'eine' : 'ein'
}

/** "12,50 Mark" is "12 Mark 50". */
const sayMoney: Rule[1] = ([, whole = '', part = '', coin = '']) =>
  part === '00' ? `${whole} ${coin}` : `${whole} ${coin} ${Number(part)}`

/** "zum 31.12." is "zum einunddreißigsten zwölften". */
const sayDay: Rule[1] = ([, lead = '', day = '', month = '']) => {
  if (Number(day) < 1 || Number(day) > 31 || Number(month) < 1 || Number(month) > 12) return undefined
  const ending = lead.toLowerCase() === 'der' ? 'e' : 'en'
  return `${lead} ${germanStem(Number(day))}${ending} ${germanStem(Number(month))}${ending}`
}

/** Clock times, fractions and years: "9:15 Uhr" is "neun Uhr fünfzehn", 1848 "achtzehnhundertachtundvierzig". */
export const germanFigures: readonly Rule[] = [
  [/(?<![\d:.,])([01]?\d|2[0-4])[:.]([0-5]\d)\sUhr/g, sayTime],
  [/(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])/g, sayTime],
  [/(?<![\d:.,])1(?=\sUhr)/g, 'ein'],
  [
    /(?<![\d:.,])(\d{1,6}),(\d\d)\s(Mark|Gulden|Taler|Franken|Kronen|Schilling|Euro|Dollar|Rubel)(?!\p{L})/gu,
    sayMoney,
  ],
  [
    /(?<!\p{L})([Aa]m|[Vv]om|[Zz]um|[Bb]is|[Dd]er|[Dd]en|[Dd]em|[Aa]b)\s(\d{1,2})\.\s?(\d{1,2})\.(?![\d\p{L}]|\s?\d)/gu,
    sayDay,
  ],
  [/(?<![\p{L}\d:.,/–-])1(?=\s(\p{Lu}\p{Ll}+))/gu, sayOne],
  [/(?<![\d/.,])(\d+)(?:[ -](\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))/g, sayMixed],
  [raisedMixed, raised(sayMixed)],
  [/(?<![\p{L}\d/.,])(?:(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu, sayFraction],
  [/(?<![\p{L}\d.,/:–-])(1[1-9]\d\d)\s?[-–]\s?(1[1-9]\d\d|\d\d)(?![\p{L}\d/–-]|[.,]\d)/gu, sayYears],
  [/(?<![\p{L}\d.,/:–-])1[1-9]\d\d(?![\p{L}\d/–-]|[.,:]\d)/gu, sayYear],
]
