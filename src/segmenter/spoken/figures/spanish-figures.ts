import { vulgarFraction } from '../../numeral-values.ts'
import { raised, raisedMixed } from './raised-fractions.ts'
import type { Rule } from '../text-changes.ts'

const units = (
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete ' +
  'dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete ' +
  'veintiocho veintinueve'
).split(' ')
const tens = '_ _ _ treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ')
const hundreds =
  '_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'.split(
    ' ',
  )
const ordinals = (
  '_ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero ' +
  'decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno vigésimo'
).split(' ')

/** Gender of the noun after the number: none, masculine ("un", "veintiún"), feminine ("una", "doscientas"). */
type Gender = 'none' | 'masculine' | 'feminine'

/** 0 to 999,999,999 in words. */
function spanishCardinal(value: number, gender: Gender = 'none'): string {
  const [millions, small] = [Math.floor(value / 1e6), value % 1e6]
  if (millions === 0) return below1e6(small, gender)
  const lead = millions === 1 ? 'un millón' : `${below1e6(millions, 'masculine')} millones`
  return small === 0 ? lead : `${lead} ${below1e6(small, gender)}`
}

function below1e6(value: number, gender: Gender): string {
  const [thousands, rest] = [Math.floor(value / 1000), value % 1000]
  if (thousands === 0) return below1000(rest, gender)
  const lead =
    thousands === 1 ? 'mil' : `${below1000(thousands, gender === 'none' ? 'masculine' : gender)} mil`
  return rest === 0 ? lead : `${lead} ${below1000(rest, gender)}`
}

function below1000(value: number, gender: Gender): string {
  if (value === 100) return 'cien'
  const [hundred, rest] = [Math.floor(value / 100), value % 100]
  const lead = hundred === 0 ? '' : inGender(hundreds[hundred] ?? '', gender)
  if (hundred > 0 && rest === 0) return lead
  return `${lead}${lead === '' ? '' : ' '}${below100(rest, gender)}`
}

function inGender(word: string, gender: Gender): string {
  return gender === 'feminine' ? word.replace(/cientos$|quinientos$/, (end) => end.replace('os', 'as')) : word
}

function below100(value: number, gender: Gender): string {
  const unit = value % 10
  const spoken =
    value < 30
      ? (units[value] ?? '')
      : (tens[Math.floor(value / 10)] ?? '') + (unit === 0 ? '' : ` y ${units[unit]}`)
  if (!spoken.endsWith('uno')) return spoken
  if (gender === 'feminine') return spoken.replace(/uno$/, 'una')
  return gender === 'masculine' ? spoken.replace(/veintiuno$/, 'veintiún').replace(/uno$/, 'un') : spoken
}

/** 1 to 20: "segundo", "tercera", and "primer", "tercer" before a noun; `undefined` above. */
function spanishOrdinal(value: number, feminine: boolean, short: boolean): string | undefined {
  const ordinal = value >= 1 ? ordinals[value] : undefined
  if (feminine) return ordinal?.replace(/o$/, 'a')
  return short ? ordinal?.replace(/(primer|tercer)o$/, '$1') : ordinal
}

/** Words after a number that are not the counted noun. */
const noNoun = new Set(
  (
    'de del y e o u en a al que por para con sin como más menos se es era fue son eran hasta desde sobre entre si no ni ' +
    'pero cuando donde ya le lo la los las mil millón millones por ciento horas'
  ).split(' '),
)
/** Masculine nouns with a feminine ending. */
const masculine = new Set(
  'días día mapas problemas poetas idiomas sistemas temas programas planetas poemas fantasmas climas guardias dramas centinelas'.split(
    ' ',
  ),
)
const feminine = new Set(
  (
    'veces vez noches noche tardes tarde mujeres mujer leguas calles calle naves nave partes parte flores flor llaves llave ' +
    'torres torre cruces cruz luces luz leyes ley paredes pared manos mano voces voz gentes nueces clases frases legiones ' +
    'fuentes sangre nubes carnes llaves hijas señales señal'
  ).split(' '),
)

function genderOf(noun: string): Gender {
  const low = noun.toLowerCase()
  if (noun === '' || noNoun.has(low)) return 'none'
  if (masculine.has(low)) return 'masculine'
  if (feminine.has(low) || /(?:as?|ciones|ción|siones|sión|dades|dad|tudes|tud)$/.test(low)) return 'feminine'
  return 'masculine'
}

const sayCounted: Rule[1] = ([found, figures = '', noun = '']) => sayNumber(figures, noun) ?? found

/** `undefined` for numbers that stay in digits: "007", very long ones. */
function sayNumber(figures: string, noun: string): string | undefined {
  const plain = figures.replaceAll(/\D/g, '')
  if (plain.length > 9 || /^0\d/.test(plain)) return undefined
  // A verb may follow: "En 2001 nació".
  const counts = Number(plain) === 1 || noun.endsWith('s') || noun === 'gente'
  return spanishCardinal(Number(plain), counts ? genderOf(noun) : 'none')
}

const sayOrdinal: Rule[1] = ([, figures = '', sign, letter, noun]) => {
  const ending = sign ?? letter ?? ''
  return spanishOrdinal(
    Number(figures),
    /[ªa]/.test(ending),
    ending.endsWith('er') || (noun !== undefined && !noNoun.has(noun.trim().toLowerCase())),
  )
}

const sayTime: Rule[1] = ([, hours = '', minutes = '']) => {
  const hour = spanishCardinal(Number(hours), 'feminine')
  return Number(minutes) === 0
    ? hour
    : `${hour} ${minutes.startsWith('0') ? 'y ' : ''}${spanishCardinal(Number(minutes))}`
}

const parts = '_ _ medio tercio cuarto quinto sexto séptimo octavo noveno décimo'.split(' ')

function sayParts(above: number, below: number): string | undefined {
  const part = parts[below]
  if (part === undefined || below < 3 || above >= below) return undefined
  return above === 1 ? `un ${part}` : `${spanishCardinal(above)} ${part}s`
}

const sayFraction: Rule[1] = ([, above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 1 && under === 2) return genderOf(noun) === 'feminine' ? 'media' : 'medio'
  return sayParts(over, under)
}

const sayMixed: Rule[1] = ([, whole = '', above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  const gender = genderOf(noun)
  const part = over === 1 && under === 2 ? (gender === 'feminine' ? 'media' : 'medio') : sayParts(over, under)
  return part && `${spanishCardinal(Number(whole), gender)} y ${part}`
}

/** Ordinals, clock times, fractions, spaced thousands, and numbers in the gender of their noun. */
export const spanishFigures: readonly Rule[] = [
  [/(?<![\d.,])(\d{1,2})(?:\.?(er|[ºª])|\.([oa]))(?!\p{L})(?=(\s\p{L}+)?)/gu, sayOrdinal],
  [/(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])/g, sayTime],
  [/(?<![\d/.,])(\d{1,3})(?:[ -](\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu, sayMixed],
  [raisedMixed, raised(sayMixed)],
  [/(?<![\p{L}\d/.,])(?:(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu, sayFraction],
  [
    /(?<![\p{L}\d.,/:–-])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,9})(?![\p{L}\d/:–-]|[.,]\d)(?=(?:\s(\p{L}+))?)/gu,
    sayCounted,
  ],
]

const left = /(?<![\p{L}\d.,/:-])(\d{1,3}(?:\.\d{3})+|\d{1,9})(?![\p{L}\d/:-]|[.,]\d)(?=(?:\s(\p{L}+))?)/gu

/** Converts the digits that the money and unit rules left: "31 libras" is "treinta y una libras". */
export function spanishWords(spoken: string): string {
  return spoken.replaceAll(
    left,
    (found: string, figures: string, noun = '') => sayNumber(figures, noun) ?? found,
  )
}
