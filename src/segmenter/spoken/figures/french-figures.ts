import { vulgarFraction } from '../../numeral-values.ts'
import { raised, raisedMixed } from './raised-fractions.ts'
import type { Rule } from '../text-changes.ts'

const units = (
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit ' +
  'dix-neuf'
).split(' ')
const tens = '_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' ')

/** A French ordinal below 100: "deuxième", "dix-neuvième"; `undefined` above, where digits stay. */
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

/** 0 to 99 in words; before a feminine noun "une", "vingt et une". */
function frenchCardinal(value: number, feminine = false): string {
  const spoken = below100(value)
  return feminine ? spoken.replace(/(^|\s)un$/, '$1une') : spoken
}

function below100(value: number): string {
  if (value < 20) return units[value] ?? ''
  const ten = Math.floor(value / 10)
  const unit = ten === 7 || ten === 9 ? (value % 10) + 10 : value % 10
  const lead = tens[ten] ?? ''
  if (unit === 0) return ten === 8 ? 'quatre-vingts' : lead
  const joint = (unit === 1 || unit === 11) && ten < 8 ? ' et ' : '-'
  return `${lead}${joint}${units[unit]}`
}

const quarters: Readonly<Record<string, string>> = {
  '1/2': 'et demie',
  '½': 'et demie',
  '1/4': 'et quart',
  '¼': 'et quart',
  '3/4': 'trois quarts',
  '¾': 'trois quarts',
}

const sayTime: Rule[1] = ([, hours = '', part, minutes]) => {
  const [hour, minute] = [Number(hours), Number(minutes ?? 0)]
  const spoken = `${frenchCardinal(hour, true)} heure${hour > 1 ? 's' : ''}`
  if (part !== undefined) return `${spoken} ${quarters[part]}`
  return minute === 0 ? spoken : `${spoken} ${frenchCardinal(minute, true)}`
}

/** Feminine nouns that are counted or halved in novels. */
const feminine = new Set(
  (
    'heure heures minute minutes seconde secondes lieue lieues journée journées bouteille bouteilles douzaine douzaines tasse tasses ' +
    'femme femmes fille filles maison maisons année années page pages personne personnes fois voix mesure mesures livre livres ' +
    'tonne tonnes nuit nuits semaine semaines pièce pièces chambre chambres tête têtes balle balles voiture voitures lettre lettres ' +
    'marche marches porte portes fenêtre fenêtres chaise chaises table tables rue rues ville villes carte cartes pomme pommes'
  ).split(' '),
)

/** Words after "1/2" that are not what is halved. */
const noNoun = new Set(
  'de du des la le les et ou à pour sur dans en par que qui est étaient était sont ans'.split(' '),
)

const sayFraction: Rule[1] = ([, above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 0 || over >= under || under > 99) return undefined
  const gap = noun === '' ? '' : ' '
  if (over !== 1 || under !== 2) return sayParts(over, under) + gap
  if (noun === '' || noNoun.has(noun)) return `un demi${gap}`
  return feminine.has(noun.toLowerCase()) ? 'une demi-' : 'un demi-'
}

/** "un tiers", "trois quarts", "cinq huitièmes". */
function sayParts(above: number, below: number): string {
  const part = below === 2 ? 'demi' : below === 3 ? 'tiers' : below === 4 ? 'quart' : frenchOrdinal(below)
  return `${frenchCardinal(above)} ${part}${above > 1 && below !== 3 ? 's' : ''}`
}

const sayMixed: Rule[1] = ([, whole = '', above = '', below = '', sign, noun = '']) => {
  const [over, under] = sign === undefined ? [Number(above), Number(below)] : (vulgarFraction(sign) ?? [0, 0])
  if (over === 0 || over >= under) return undefined
  const isFeminine = feminine.has(noun.toLowerCase())
  const lead = Number(whole) < 100 ? frenchCardinal(Number(whole), isFeminine) : whole
  const part = over === 1 && under === 2 ? `demi${isFeminine ? 'e' : ''}` : sayParts(over, under)
  return `${lead} et ${part}`
}

const sayCounted: Rule[1] = ([found, figures = '', noun = '']) => {
  const value = Number(figures)
  if (noNoun.has(noun) || figures.startsWith('0') || value % 10 !== 1 || [11, 71, 91].includes(value))
    return undefined
  return found.replace(figures, frenchCardinal(value, feminine.has(noun.toLowerCase())))
}

const sayOrdinal: Rule[1] = ([, figures = '', ending = '']) => {
  const value = Number(figures)
  if (/^(?:re|ère)s?$/.test(ending)) return value === 1 ? 'première' : undefined
  if (/^er?s?$/.test(ending) && value === 1) return ending.startsWith('er') ? 'premier' : undefined
  if (/^(?:de?|nde?)$/.test(ending))
    return value === 2 ? (ending.endsWith('e') ? 'seconde' : 'second') : undefined
  const ordinal = frenchOrdinal(value)
  return ordinal && ending.endsWith('s') ? `${ordinal}s` : ordinal
}

/** Clock times, ordinals, fractions and "21 femmes"; engines read other numbers correctly. */
export const frenchFigures: readonly Rule[] = [
  [
    /(?<![\d:.,])([01]?\d|2[0-4])\s?(?:h(?:\.|(?!\p{L})|eures?(?=\s?[\d½¼¾]))|:(?=[0-5]\d(?![\d:])))(?:\s?(1\/2|1\/4|3\/4|[½¼¾])(?!\d)|\s?([0-5]\d)(?![\d:\p{L}]))?/gu,
    sayTime,
  ],
  [/(?<![\d.,])(\d{1,3})(ères?|res?|ers?|nde?|de?|ièmes?|èmes?|es?|ᵉ|ᵉʳ)(?!\p{L})/gu, sayOrdinal],
  [/(?<![\d/.,])(\d{1,3})(?:\s(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?=(?:\s(\p{L}+))?)/gu, sayMixed],
  [raisedMixed, raised(sayMixed)],
  [/(?<![\p{L}\d/.,])(?:(\d{1,2})[/⁄](\d{1,2})(?![\d/])|([¼-¾⅐-⅞]))(?:\s(?=(\p{L}+)))?/gu, sayFraction],
  [/(?<![\p{L}\d.,/:–-])(\d{1,2})(?=\s(\p{Ll}+))/gu, sayCounted],
  [
    /(?<![\d.,])(\d+)\s?fr\.(?:\s?(\d\d)(?!\d)|(?=\s\p{Ll}|[,;]))/gu,
    ([, francs = '', centimes]) =>
      `${francs} franc${francs === '1' ? '' : 's'}${centimes === undefined ? '' : ` ${centimes}`}`,
  ],
  [/(?<!\p{L})N[o°º]s?\.?\s?(?=\d)/gu, 'numéro '],
]
