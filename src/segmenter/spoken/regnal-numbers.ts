import { space, traitsAt, upper } from '../character-traits.ts'
import { romanValue } from '../numeral-values.ts'
import type { Passage } from './text-changes.ts'
import { germanStem } from './figures/german-figures.ts'
import { italianOrdinal } from './figures/italian-figures.ts'
import { portugueseOrdinal } from './figures/portuguese-figures.ts'

/** A Roman numeral with its context. */
export interface NumeralContext {
  readonly passage: Passage
  readonly numeral: string
  readonly start: number
  readonly end: number
  /** The word before it with its period, '' if there is none or other punctuation is between. */
  readonly before: string
}

export interface SpokenNumeral {
  readonly spoken: string
  readonly start?: number
  readonly end?: number
}

/** Names of rulers, in the languages with number words of their own. */
const rulers = new Set(
  (
    'henry louis charles george edward william james richard philip peter paul john pius leo benedict clement gregory innocent ' +
    'alexander nicholas catherine elizabeth mary frederick napoleon ferdinand francis joseph leopold ivan rudolf robert victor ' +
    'emmanuel maximilian christian gustav gustavus urban boniface adrian sixtus julius otto conrad albert ' +
    'henri philippe françois napoléon jean jacques pie léon grégoire guillaume édouard georges élisabeth nicolas alexandre frédéric pierre ' +
    'johannes gregor innozenz benedikt klemens urban eduard jakob viktor albrecht ernst august sigismund bonifaz hadrian paul ' +
    'ludwig karl heinrich friedrich wilhelm franz josef konrad katharina nikolaus papst georg philipp ' +
    'felipe carlos fernando alfonso isabel juan enrique pedro jaime sancho luis pío napoleón francisco josé alejandro catalina ramiro'
  ).split(' '),
)
const queens = new Set('élisabeth catherine isabel catalina isabelle marie maría juana'.split(' '))
const titles = new Set(
  (
    'king queen pope emperor empress tsar czar kaiser sultan shah roi reine pape empereur impératrice könig königin kaiserin ' +
    'papst zar rey reina papa emperador zar'
  ).split(' '),
)
/** Things whose numeral is a count, unlike a ruler's ordinal: "the Elizabeth II", "Apollo XIII". */
const countedThings = new Set(
  'apollo rocky bowl vatican category grade stage round game model vol volume windows catégorie guerre weltkrieg guerra mundial olympiad'.split(
    ' ',
  ),
)
const spanishOrdinals = 'cero primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo'.split(
  ' ',
)

/** "Henry VIII" → "Henry the 8th", "Felipe II" → "Felipe segundo", "Ludwig XIV." → "Ludwig der Vierzehnte". */
export function sayRegnal(context: NumeralContext): SpokenNumeral | undefined {
  const { passage, numeral, before } = context
  if (!/^[IVX]+$/.test(numeral)) return undefined
  const value = romanValue(numeral)
  const { code } = passage.language
  if (code === 'en' && before === 'the' && numeral.length > 1) return { spoken: englishOrdinal(value) }
  const name = before.toLowerCase()
  if (!(traitsAt(before, 0) & upper) || before.length < 2 || before.endsWith('.')) return undefined
  if (passage.language.starters.has(name)) return undefined
  const ruler = isRuler(context, name)
  if (numeral.length === 1 && !ruler) return undefined
  if (countedThings.has(name)) return { spoken: String(value) }
  switch (code) {
    case 'en':
      return { spoken: `the ${englishOrdinal(value)}` }
    case 'fr':
      return { spoken: value > 1 ? String(value) : queens.has(name) ? 'première' : 'premier' }
    case 'es':
      return { spoken: spanishRegnal(value, name) }
    case 'de':
      return ruler ? germanRegnal(context, value, name) : undefined
    case 'it':
      return { spoken: italianOrdinal(value, name.endsWith('a')) ?? String(value) }
    case 'pt':
      return {
        spoken: (value <= 10 ? portugueseOrdinal(value, /a$|el$/.test(name)) : undefined) ?? String(value),
      }
    case 'vi':
      return { spoken: String(value) }
    default:
      return undefined
  }
}

/** A known name; before an "I" that may be the pronoun, the following text must fit as well, or a title precede. */
function isRuler({ passage, numeral, start, end, before }: NumeralContext, name: string): boolean {
  const known = rulers.has(name) || (passage.language.code === 'de' && rulers.has(name.replace(/s$/, '')))
  if (!known) return false
  if (numeral !== 'I' || passage.language.code !== 'en') return true
  if (/^(?:[.;:)]|,(?! )|['’]s|\s*$|\s(?:of|and|\()(?![\p{L}]))/u.test(passage.text.slice(end))) return true
  const head = passage.text.slice(0, passage.text.lastIndexOf(before, start)).trimEnd()
  return titles.has((/\p{L}+$/u.exec(head)?.[0] ?? '').toLowerCase())
}

function englishOrdinal(value: number): string {
  const teen = value % 100 > 10 && value % 100 < 14
  return `${value}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`
}

function spanishRegnal(value: number, name: string): string {
  const ordinal = spanishOrdinals[value]
  if (ordinal === undefined) return String(value)
  return queens.has(name) ? ordinal.replace(/o$/, 'a') : ordinal
}

const dative = new Set('unter von mit bei zu nach vor seit gegenüber'.split(' '))
const accusative = new Set('für durch gegen ohne um'.split(' '))

/** Article and ending follow the case: "Ludwigs des Vierzehnten", "unter Ludwig dem Vierzehnten". */
function germanRegnal(
  { passage: { text }, start, end, before }: NumeralContext,
  value: number,
  name: string,
): SpokenNumeral {
  const stem = germanStem(value)
  const ordinal = (stem[0] ?? '').toUpperCase() + stem.slice(1)
  const head = text.slice(0, text.lastIndexOf(before, start)).trimEnd()
  const word = (/\p{L}+$/u.exec(head)?.[0] ?? '').toLowerCase()
  const genitive = name.endsWith('s') && !rulers.has(name)
  const article = genitive ? 'des' : dative.has(word) ? 'dem' : accusative.has(word) ? 'den' : 'der'
  const feminine = name === 'katharina'
  const spoken = feminine ? `die ${ordinal}e` : `${article} ${ordinal}${article === 'der' ? 'e' : 'en'}`
  let next = end + 1
  while (traitsAt(text, next) & space) next++
  // The period of the ordinal is not spoken, unless it also ends the sentence.
  return text[end] === '.' && next < text.length ? { spoken, end: end + 1 } : { spoken }
}
