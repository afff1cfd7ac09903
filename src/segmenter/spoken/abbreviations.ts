import { closer, digit, letter, lower, opener, space, traitsAt, upper } from '../character-traits.ts'
import type { LanguageRules } from '../language-rules.ts'
import { isRoman } from '../numeral-values.ts'
import { type Expansion, expansions, unpunctuated } from './abbreviation-table.ts'
import { addChange, addChanges, type Change, type Passage } from './text-changes.ts'

const tables = new Map(
  Object.entries(expansions).map(([code, known]) => [code, new Map(Object.entries(known))] as const),
)

/** Expands the abbreviations of the language, if the following text confirms them. */
export function expandAbbreviations({ text, language }: Passage, changes: Change[]): void {
  const without = unpunctuated[language.code]
  if (without) addChanges(changes, text, without[0], ([found]) => without[1][found.replaceAll(/[\s.]/g, '')])
  const known = tables.get(language.code)
  if (!known) return
  for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1)) {
    const head = headOf(text, at)
    const expansion = at - head > 12 ? undefined : known.get(text.slice(head, at + 1).replaceAll(/\s/g, ''))
    if (!expansion || !fits(text, at, expansion[1])) continue
    const glued = (traitsAt(text, at + 1) & (letter | digit)) !== 0
    const closes = language.closing.has(text.slice(head, at).replaceAll(/\s/g, ''))
    const end = endsSentence(text, at + 1, language, closes) ? at : at + 1
    addChange(changes, head, end, glued ? `${expansion[0]} ` : expansion[0])
  }
}

/** The start of the abbreviation whose last period is at `at`; "z. B." is one, like "z.B.". */
function headOf(text: string, at: number): number {
  let head = at
  while (head > 0 && (traitsAt(text, head - 1) & letter || (head < at && '.-'.includes(text[head - 1]!))))
    head--
  while (head > 2 && traitsAt(text, head - 1) & space && text[head - 2] === '.' && text[head - 4] !== '.') {
    if ((traitsAt(text, head - 3) & letter) === 0 || (head > 3 && traitsAt(text, head - 4) & letter)) break
    head -= 3
  }
  return head
}

/** Whether the text after the period at `at` is of the kind that must follow the abbreviation. */
function fits(text: string, at: number, before: Expansion[1]): boolean {
  if (before === undefined) return true
  const next = pastSpaces(text, at + 1)
  const traits = traitsAt(text, next)
  if (before === 'number') return (traits & digit) !== 0 || (next > at + 1 && isNumeral(text, next))
  return next > at + 1 && ((traits & upper) !== 0 || isParticle(text, next))
}

function pastSpaces(text: string, at: number): number {
  let next = at
  while (traitsAt(text, next) & space) next++
  return next
}

/** A Roman numeral of at least two letters: there is none in "No. I won't". */
function isNumeral(text: string, at: number): boolean {
  let stop = at
  while (traitsAt(text, stop) & letter) stop++
  return stop > at + 1 && isRoman(text.slice(at, stop))
}

/** "M. de La Mole", "M. le baron". */
function isParticle(text: string, at: number): boolean {
  return (
    (traitsAt(text, at) & lower) !== 0 &&
    /^(?:de|du|des|d['’]|le|la|von|van|l['’])/.test(text.slice(at, at + 3))
  )
}

/**
 * Whether the period before `at` also ends the sentence: only closing marks follow, or a word that begins one, which is
 * any with a capital if the abbreviation `closes` sentences.
 */
function endsSentence(text: string, at: number, { starters }: LanguageRules, closes: boolean): boolean {
  let next = at
  while (next < text.length && traitsAt(text, next) & (closer | opener | space)) next++
  if (next === text.length) return true
  let stop = next
  while (traitsAt(text, stop) & letter) stop++
  return (
    (traitsAt(text, next) & upper) !== 0 && (closes || starters.has(text.slice(next, stop).toLowerCase()))
  )
}

const streetKinds: Readonly<Record<string, string>> = {
  St: 'Street',
  Dr: 'Drive',
  Ave: 'Avenue',
  Rd: 'Road',
  Blvd: 'Boulevard',
  Ln: 'Lane',
  Sq: 'Square',
  Ct: 'Court',
  Terr: 'Terrace',
}
const street =
  /(?<=(\p{Lu}[\p{L}\p{M}]*(?:['’]s)?|\d(?:st|nd|rd|th)) )(St|Dr|Ave|Rd|Blvd|Ln|Sq|Ct|Terr|st|ave)\.(?=(\s*["”’)]?\s*$|[,;:)”’]|\s+\p{Ll}|\s+(\p{Lu}\p{Ll}*)))/gu
/** Tested first: the full pattern takes ten times as long. */
const abbreviatedStreet = / (?:St|Dr|Ave|Rd|Blvd|Ln|Sq|Ct|Terr|st|ave)\./
/** Not street names: "On St. Mary’s day", "Old Dr. Brown". */
const noName =
  /^(?:The|On|In|At|By|For|From|To|Of|And|But|When|Then|Where|While|Old|Poor|Dear|Good|Young|Mr|Mrs|Yes|No|As|With|After|Before|So|Ask|Call|See)$/

/**
 * Expands street abbreviations: "Mill St." is a street, "St. Mary" a saint; "Elm Dr." a drive, "Dr. Jones" a doctor.
 * The words before and after decide. A period that ends the sentence stays.
 */
export function sayStreets({ text, language }: Passage, changes: Change[]): void {
  if (language.code !== 'en' || !abbreviatedStreet.test(text)) return
  addChanges(changes, text, street, ([, name = '', kind = '', after = '', next]) => {
    if (noName.test(name)) return undefined
    if (next !== undefined && !language.starters.has(next.toLowerCase())) return undefined
    const full = streetKinds[kind.charAt(0).toUpperCase() + kind.slice(1)] ?? kind
    const ends = next !== undefined || /^\s*["”’)]?\s*$/.test(after)
    return ends ? `${full}.` : full
  })
}
