import { entryKey, lexiconLimits, type LexiconEntry } from '../../novel/lexicon-entry.ts'
import { childElements, parseXml, textOf, type XmlElement } from '../xhtml/xml-tree.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { ipaIn, isKnownAlphabet } from './phoneme-alphabets.ts'
import { isCaseSensitive, ownRoles } from './pls-vocabulary.ts'

/** Why something of a lexicon was not taken. */
export type PlsRefusal =
  | 'alphabet'
  | 'ipa'
  | 'no-grapheme'
  | 'no-pronunciation'
  | 'too-long'
  | 'entity'
  | 'role'
  | 'further-pronunciation'
  | 'repeated'
  | 'too-many'

export interface RefusedEntry {
  readonly written: string
  readonly reason: PlsRefusal
  /** The alphabet, role or pronunciation that it is about. */
  readonly detail?: string
}

export interface PlsLexicon {
  readonly entries: readonly LexiconEntry[]
  readonly refused: readonly RefusedEntry[]
}

/**
 * Reads a W3C Pronunciation Lexicon (PLS 1.0). Its alphabets are `ipa` and X-SAMPA. Entities of the document are not
 * expanded, and nothing outside of it is fetched. `undefined` if it is no lexicon. Throws `novel.hostile` for excessive
 * nesting.
 */
export function readPls(bytes: Uint8Array): PlsLexicon | undefined {
  const { text } = decodeXml(bytes)
  const lexicon = childElements(parseXml(text), 'lexicon')[0]
  if (lexicon === undefined) return undefined
  const entities = Array.from(text.matchAll(/<!ENTITY\s+(?:%\s+)?([^\s"'>]+)/g), ([, name]) => `&${name};`)
  const alphabet = lexicon.attributes['alphabet'] ?? 'ipa'
  const language = languageOf(lexicon) ?? ''
  const entries = new Map<string, LexiconEntry>()
  const refused: RefusedEntry[] = []
  for (const lexeme of childElements(lexicon, 'lexeme')) {
    const read = readLexeme(lexeme, alphabet, languageOf(lexeme) ?? language, entities)
    refused.push(...read.refused)
    for (const entry of read.entries) {
      const { written } = entry
      const key = entryKey(entry)
      if (entries.has(key)) refused.push({ written, reason: 'repeated' })
      else if (entries.size >= lexiconLimits.entries) refused.push({ written, reason: 'too-many' })
      else entries.set(key, entry)
    }
  }
  return { entries: [...entries.values()], refused }
}

/** `''` says that it is of no language in particular. */
function languageOf({ attributes }: XmlElement): string | undefined {
  const tag = attributes['lang']?.trim()
  if (tag === undefined) return undefined
  if (tag.toLowerCase() === 'und') return ''
  return /^[a-z]{2,3}(?=-|$)/i.exec(tag)?.[0].toLowerCase() ?? ''
}

function readLexeme(
  lexeme: XmlElement,
  alphabet: string,
  language: string,
  entities: readonly string[],
): PlsLexicon {
  const graphemes = childElements(lexeme, 'grapheme').map(textOf)
  const name = graphemes[0] ?? ''
  const refuse = (reason: PlsRefusal, detail?: string): PlsLexicon => ({
    entries: [],
    refused: [{ written: name.slice(0, lexiconLimits.written), reason, ...(detail && { detail }) }],
  })
  const roles = (lexeme.attributes['role'] ?? '').split(/\s+/).filter((role) => role !== '')
  const own = roles.map((role) => role.slice(role.indexOf(':') + 1))
  const foreign = roles.find((_, at) => !Object.values<string>(ownRoles).includes(own[at]!))
  const ways = childElements(lexeme).filter((child) => child.name === 'phoneme' || child.name === 'alias')
  if (graphemes.every((grapheme) => grapheme === '')) return refuse('no-grapheme')
  if (foreign !== undefined) return refuse('role', foreign)
  const [firstWay] = ways
  if (firstWay === undefined) return refuse('no-pronunciation')
  const texts = [...graphemes, ...ways.map(textOf)]
  if (texts.some((text) => entities.some((entity) => text.includes(entity)))) return refuse('entity')
  if (
    texts.some(
      (text, at) => text.length > (at < graphemes.length ? lexiconLimits.written : lexiconLimits.said),
    )
  )
    return refuse('too-long')

  const taken = ways.find(({ attributes }) => attributes['prefer']?.trim() === 'true') ?? firstWay
  const said = saidBy(taken, alphabet)
  if (typeof said === 'string')
    return refuse(said, taken.attributes['alphabet'] ?? (said === 'ipa' ? textOf(taken) : alphabet))
  const refused = ways
    .filter((way) => way !== taken)
    .map((way): RefusedEntry => ({ written: name, reason: 'further-pronunciation', detail: textOf(way) }))
  const entries = graphemes.flatMap((written): LexiconEntry[] => {
    if (written === '') return []
    const caseSensitive = own.includes(ownRoles.anyCase)
      ? false
      : own.includes(ownRoles.exactCase) || isCaseSensitive(written)
    return [
      {
        written,
        ...said,
        ...(language !== '' && { language }),
        caseSensitive,
        stem: own.includes(ownRoles.stem),
      },
    ]
  })
  return { entries, refused }
}

/** How a `phoneme` or `alias` says its word, or why it cannot be told. */
function saidBy(way: XmlElement, alphabet: string): Pick<LexiconEntry, 'ipa' | 'words'> | PlsRefusal {
  const text = textOf(way)
  if (text === '') return 'no-pronunciation'
  if (way.name === 'alias') return { words: text }
  const own = way.attributes['alphabet'] ?? alphabet
  if (!isKnownAlphabet(own)) return 'alphabet'
  const ipa = ipaIn(own, text)
  return ipa === undefined ? 'ipa' : { ipa }
}
