import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'
import { inWordsThroughout, wholeNumbers, type NumberWords } from './whole-numbers.ts'

const units = (
  'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici ' +
  'diciassette diciotto diciannove'
).split(' ')
const tens = '_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ')

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

/**
 * 0 to 999,999,999 in words. Thousands and hundreds stand apart, as each keeps a stress of its own: "mille ottocento
 * quarantotto".
 */
function italianCardinal(value: number): string {
  const [millions, thousands, rest] = [Math.floor(value / 1e6), Math.floor(value / 1e3) % 1e3, value % 1e3]
  return [
    millions === 0 ? '' : millions === 1 ? 'un milione' : `${below1000(millions)} milioni`,
    thousands === 0 ? '' : thousands === 1 ? 'mille' : `${below1000(thousands)}mila`,
    rest === 0 && value > 0 ? '' : below1000(rest),
  ]
    .filter((words) => words !== '')
    .join(' ')
}

function below1000(value: number): string {
  const [hundred, rest] = [Math.floor(value / 100), value % 100]
  if (hundred === 0) return below100(rest)
  const lead = `${hundred === 1 ? '' : units[hundred]}cento`
  return rest === 0 ? lead : `${lead} ${below100(rest)}`
}

function below100(value: number): string {
  if (value < 20) return units[value] ?? ''
  const [ten = '', unit] = [tens[Math.floor(value / 10)], value % 10]
  if (unit === 0) return ten
  return (unit === 1 || unit === 8 ? ten.slice(0, -1) : ten) + (unit === 3 ? 'tré' : units[unit])
}

/** Nouns whose number stands behind them: "capitolo 1 racconta". */
const numbered =
  /^(?:capitolo|pagina|parte|libro|volume|tomo|numero|versetto|canto|scena|atto|sezione|articolo|lezione|figura|tavola|stanza|camera|sala|porta|fila|riga|casa|zona|gruppo|livello|piano|giorno|fase|punto)$/
const months = 'gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre'
const month = new RegExp(`^(?:${months})$`)
const noNoun =
  /^(?:per|con|che|non|tra|fra|come|contro|anche|poi|quando|ma|su[l]?|sull[aeo]?|de[il]|degli|dell[aeo]?|dal|dall[aeo]?|al|all[aeo]?|nel|nell[aeo]?|era|fu|ha)$/
const feminine =
  /(?:a|tà|tù|[zsg]ione|udine|trice|notte|parte|madre|voce|chiave|nave|legge|croce|luce|gente)$/
const masculine =
  /(?:problema|tema|sistema|gramma|dramma|poema|clima|panorama|fantasma|schema|enigma|dilemma|diploma|poeta|pianeta|pirata|profeta|monarca|duca|papa)$/

/** "1 euro" is "un euro", "1 sterlina" "una sterlina", "1 scudo" "uno scudo". */
function counting(value: number, noun: string, before: string): string {
  if (value !== 1) return italianCardinal(value)
  if (month.test(noun)) return 'primo'
  if (noun.length < 3 || noNoun.test(noun) || numbered.test(before)) return 'uno'
  if (feminine.test(noun) && !masculine.test(noun)) return 'una'
  return /^(?:s[^aeiouàèéìòù]|z|gn|ps|pn|x)/i.test(noun) ? 'uno' : 'un'
}

const numberWords: NumberWords = { cardinal: counting, point: 'virgola', percent: 'per cento' }

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
  [new RegExp(`(?<![\\d.,:/–-])1(?=\\s(?:${months})(?!\\p{L}))`, 'gu'), 'primo'],
  [
    /(?<![\d.,])(\d{1,2})([ºª°])(?!\s?[CF\d])/gu,
    ([, figures = '', sign]) => italianOrdinal(Number(figures), sign === 'ª'),
  ],
  [/(?<![\d:.,])([01]?\d|2[0-4])[:.]([0-5]\d)(?![\d:]|[.,]\d)/g, sayTime],
  [
    /(?<![\p{L}\d/.,])(?:(\d{1,3})\s?)?(?:(?<![\d])(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu,
    sayFraction,
  ],
  [/(?<![\p{L}])n(?:um)?\.\s?(?=\d)/gu, 'numero '],
  [/№\s?(?=\d)/gu, 'numero '],
  ...wholeNumbers(numberWords),
]

/** Converts the digits that the other rules left: "5 euro e 50" is "cinque euro e cinquanta". */
export function italianWords(spoken: string): string {
  return inWordsThroughout(numberWords, spoken)
}
