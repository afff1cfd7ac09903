import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'

const ordinals = (
  '_ primo secondo terzo quarto quinto sesto settimo ottavo nono decimo undicesimo dodicesimo tredicesimo ' +
  'quattordicesimo quindicesimo sedicesimo diciassettesimo diciottesimo diciannovesimo ventesimo ventunesimo'
).split(' ')
const parts = '_ _ mezzo terzo quarto quinto sesto settimo ottavo nono decimo'.split(' ')

/** 1 to 21: "secondo", "terza"; `undefined` above. */
export function italianOrdinal(value: number, feminine = false): string | undefined {
  const ordinal = value >= 1 ? ordinals[value] : undefined
  return feminine ? ordinal?.replace(/o$/, 'a') : ordinal
}

const sayTime: Rule[1] = ([, hours = '', minutes = '']) => {
  const hour = Number(hours) === 1 ? 'una' : String(Number(hours))
  return Number(minutes) === 0 ? hour : `${hour} e ${Number(minutes)}`
}

const sayFraction: Rule[1] = ([, whole, above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  const part = parts[under]
  if (part === undefined || over === 0 || over >= under) return undefined
  if (whole !== undefined) return `${whole} e ${under === 2 ? 'mezzo' : sayParts(over, part)}`
  if (under === 2) return /^(?!.*(?:ma)$).*a$/.test(noun) ? 'mezza' : 'mezzo'
  return sayParts(over, part)
}

function sayParts(above: number, part: string): string {
  return above === 1 ? `un ${part}` : `${above} ${part.replace(/o$/, 'i')}`
}

export const italianFigures: readonly Rule[] = [
  [
    /(?<![\d.,:/–-])1(?=\s(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?!\p{L}))/gu,
    'primo',
  ],
  [
    /(?<![\d.,])(\d{1,2})([ºª°])(?!\s?[CF\d])/gu,
    ([, figures = '', sign]) => italianOrdinal(Number(figures), sign === 'ª'),
  ],
  [/(?<![\d:.,])([01]?\d|2[0-4])[:.]([0-5]\d)(?![\d:.,])(?=(?:\s(?:di|del|in|e)\b)?)/g, sayTime],
  [
    /(?<![\p{L}\d/.,])(?:(\d{1,3})\s?)?(?:(?<![\d])(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu,
    sayFraction,
  ],
  [/(?<![\p{L}])n(?:um)?\.\s?(?=\d)/gu, 'numero '],
  [/№\s?(?=\d)/gu, 'numero '],
]
