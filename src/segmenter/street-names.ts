import { addChanges, type Change, type Passage } from './changes.ts'

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
/** Looked for first: the whole pattern takes ten times as long. */
const abbreviatedStreet = / (?:St|Dr|Ave|Rd|Blvd|Ln|Sq|Ct|Terr|st|ave)\./
/** "On St. Mary’s day", "Old Dr. Brown": no names of streets. */
const noName =
  /^(?:The|On|In|At|By|For|From|To|Of|And|But|When|Then|Where|While|Old|Poor|Dear|Good|Young|Mr|Mrs|Yes|No|As|With|After|Before|So|Ask|Call|See)$/

/**
 * "Mill St." is a street, "St. Mary" a saint; "Elm Dr." a drive, "Dr. Jones" a doctor. What comes before and after the
 * abbreviation tells. A period that ends the sentence stays.
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
