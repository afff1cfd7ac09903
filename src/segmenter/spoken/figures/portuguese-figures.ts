import { vulgarFraction } from '../../numeral-values.ts'
import type { Rule } from '../text-changes.ts'

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
  /^(?:dias?|mapas?|problemas?|poetas?|idiomas?|sistemas?|temas?|programas?|planetas?|poemas?|dramas?|climas?)$/
const feminine = /(?:as?|ções|ção|sões|são|dades?|vezes|noites?|tardes?|mulheres|pessoas?|léguas?)$/
const tens = '_ _ vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'.split(' ')

/** "31 libras" is "trinta e uma libras", "2 mulheres" "duas mulheres". */
const sayCounted: Rule[1] = ([, figures = '', noun = '']) => {
  const value = Number(figures)
  const unit = value % 10
  if (masculine.test(noun) || !feminine.test(noun) || /^(?:da|a|à|na|para|uma|era|ela|mas|cada)$/.test(noun))
    return undefined
  if ((unit !== 1 && unit !== 2) || value === 11 || value === 12) return undefined
  const last = unit === 1 ? 'uma' : 'duas'
  return value < 10 ? last : `${tens[Math.floor(value / 10)]} e ${last}`
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
  [/(?<![\p{L}\d.,/:–-])(\d{1,2})(?=\s(\p{Ll}+))/gu, sayCounted],
  [/(?<!\p{L})(?:n\.?[º°]|n\.|N\.?[º°]|№)\s?(?=\d)/gu, 'número '],
]
