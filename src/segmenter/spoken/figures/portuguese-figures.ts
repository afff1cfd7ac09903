import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'
import { inWordsThroughout, wholeNumbers, type NumberWords } from './whole-numbers.ts'

const units = (
  'zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete ' +
  'dezoito dezenove'
).split(' ')
const hundreds =
  '_ cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos'.split(' ')

const ordinals = (
  '_ primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo décimo-primeiro décimo-segundo ' +
  'décimo-terceiro décimo-quarto décimo-quinto décimo-sexto décimo-sétimo décimo-oitavo décimo-nono vigésimo'
).split(' ')
const parts = '_ _ meio terço quarto quinto sexto sétimo oitavo nono décimo'.split(' ')

/** 1 to 20: "segundo", "terceira"; `undefined` above. */
export function portugueseOrdinal(value: number, feminine = false): string | undefined {
  const ordinal = value >= 1 ? ordinals[value] : undefined
  return feminine ? ordinal?.replaceAll(/o(?=-|$)/g, 'a') : ordinal
}

const sayTime: Rule[1] = ([, hours = '', minutes]) => {
  const hour = Number(hours)
  const spoken = `${feminineFigures(hour)} hora${hour === 1 ? '' : 's'}`
  return minutes === undefined || Number(minutes) === 0 ? spoken : `${spoken} e ${Number(minutes)}`
}

function feminineFigures(value: number): string {
  return value === 1
    ? 'uma'
    : value === 2
      ? 'duas'
      : value === 21
        ? 'vinte e uma'
        : value === 22
          ? 'vinte e duas'
          : String(value)
}

/** Masculine nouns with a feminine ending. */
const masculine =
  /^(?:dias?|mapas?|problemas?|poetas?|idiomas?|sistemas?|temas?|programas?|planetas?|poemas?|dramas?|climas?|fantasmas?|piratas?|profetas?|cometas?|guardas?|telegramas?|(?:quilo)?gramas?|diplomas?|cinemas?|enigmas?|dilemas?|aromas?|papas?|monarcas?|jesuítas?)$/
/** Words with the ending of feminine nouns. */
const otherWords =
  /^(?:da|a|à|na|para|uma|era|ela|mas|cada|as|às|das|nas|elas|delas|pelas|suas|minhas|nossas|essas|estas|aquelas|muitas|todas|outras|algumas|apenas|duas|amanhã)$/
const feminine =
  /(?:as?|ções|ção|sões|são|dades?|vezes|noites?|tardes?|mulheres|pessoas?|léguas?|ãs?|gem|gens|mãos?|flor|flores|voz|vozes|luz|luzes|paredes?|árvores?)$/
const tens = '_ _ vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'.split(' ')

function isFeminine(noun: string): boolean {
  return feminine.test(noun) && !masculine.test(noun) && !otherWords.test(noun)
}

const feminineArticles = /^(?:à|às|as|das|nas|pelas|suas|minhas|nossas|estas|essas|aquelas|outras)$/
const masculineArticles = /^(?:o|os|ao|aos|dos|nos|pelos|seus|meus|nossos|estes|esses|aqueles|outros)$/
/** Nouns whose number stands behind them: "o capítulo 1 começa". */
const numbered =
  /^(?:capítulo|página|parte|livro|volume|tomo|número|versículo|canto|cena|ato|seção|secção|artigo|lição|figura|tabela|sala|quarto|porta|fila|linha|casa|zona|grupo|nível|andar|dia|fase|ponto|apartamento)$/

/** Whether a number is said in the feminine: "2 mulheres", "às 2", but "em 1822 tropas inglesas". */
function isInFeminine(value: number, noun: string, before: string): boolean {
  if (feminineArticles.test(before)) return true
  if (masculineArticles.test(before) || numbered.test(before)) return false
  const isYear = value >= 1000 && value < 2100 && /^(?:em|desde|até)$/.test(before)
  return !isYear && isFeminine(noun) && (value === 1 || noun.endsWith('s'))
}

/** 0 to 999,999,999 in words; "mil e quinhentos", but "mil oitocentos e doze". */
const cardinal: NumberWords['cardinal'] = (value, noun, before) => {
  const inFeminine = isInFeminine(value, noun, before)
  const [millions, thousands, rest] = [Math.floor(value / 1e6), Math.floor(value / 1e3) % 1e3, value % 1e3]
  const lead = [
    millions === 0 ? '' : `${below1000(millions, false)} ${millions === 1 ? 'milhão' : 'milhões'}`,
    thousands === 0 ? '' : thousands === 1 ? 'mil' : `${below1000(thousands, inFeminine)} mil`,
  ].filter((words) => words !== '')
  if (rest === 0 && value > 0) return lead.join(' e ')
  const last = below1000(rest, inFeminine)
  return lead.length === 0 ? last : lead.join(' ') + (rest <= 100 || rest % 100 === 0 ? ' e ' : ' ') + last
}

const numberWords: NumberWords = { cardinal, point: 'vírgula', percent: 'por cento' }

function below1000(value: number, inFeminine: boolean): string {
  if (value === 100) return 'cem'
  const [hundred, rest] = [Math.floor(value / 100), value % 100]
  const lead = hundred === 0 ? '' : (hundreds[hundred] ?? '').replace(/os$/, inFeminine ? 'as' : 'os')
  if (hundred > 0 && rest === 0) return lead
  return `${lead}${lead === '' ? '' : ' e '}${below100(rest, inFeminine)}`
}

function below100(value: number, inFeminine: boolean): string {
  const unit = value % 10
  if (value >= 20)
    return `${tens[Math.floor(value / 10)]}${unit === 0 ? '' : ` e ${below100(unit, inFeminine)}`}`
  return inFeminine && (value === 1 || value === 2) ? (value === 1 ? 'uma' : 'duas') : (units[value] ?? '')
}

const sayFraction: Rule[1] = ([, whole, above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  const part = parts[under]
  if (part === undefined || over === 0 || over >= under) return undefined
  const half = feminine.test(noun) && !masculine.test(noun) ? 'meia' : 'meio'
  const spoken = under === 2 ? half : over === 1 ? `um ${part}` : `${over} ${part}s`
  return whole === undefined ? spoken : `${whole} e ${spoken}`
}

export const portugueseFigures: readonly Rule[] = [
  [
    /(?<![\d.,])(\d{1,2})\.?([ºª]|°(?!\s?[CF\d]))/gu,
    ([, figures = '', sign]) => portugueseOrdinal(Number(figures), sign === 'ª'),
  ],
  [/(?<![\d:.,])([01]?\d|2[0-4])\s?(?:h|:(?=\d))([0-5]\d)?(?:min)?(?![\d:\p{L}])/gu, sayTime],
  [
    /(?<![\p{L}\d/.,])(?:(\d{1,3})\s?)?(?:(?<!\d)(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu,
    sayFraction,
  ],
  [/(?<!\p{L})(?:n\.?[º°]|n\.|N\.?[º°]|№)\s?(?=\d)/gu, 'número '],
  ...wholeNumbers(numberWords),
]

/** Converts the digits that the other rules left: "5 reais e 50 centavos" is "cinco reais e cinquenta centavos". */
export function portugueseWords(spoken: string, region: string): string {
  const words = inWordsThroughout(numberWords, spoken)
  return region === 'PT' ? words.replaceAll(/\bdeze(?=(?:sseis|ssete|nove)\b)/g, 'deza') : words
}
