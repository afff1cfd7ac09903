import { isCaseSensitive, ownNamespace, ownRoles } from '../../importer/pls/pls-vocabulary.ts'
import { element, xmlDocument } from '../xml-writer.ts'
import type { LexiconEntry } from '../../novel/lexicon-entry.ts'

/** A W3C Pronunciation Lexicon (PLS 1.0), which `readPls` reads as the same entries. `language`: BCP 47, of most of them. */
export function plsDocument(entries: readonly LexiconEntry[], language: string): string {
  const lexemes = entries.flatMap((entry) => [
    '\n',
    element(
      'lexeme',
      {
        // In a document of one language no lexeme names it, as the standard has it.
        'xml:lang': entry.language === language ? undefined : (entry.language ?? 'und'),
        role: roleOf(entry),
      },
      element('grapheme', {}, entry.written),
      entry.ipa === undefined ? element('alias', {}, entry.words) : element('phoneme', {}, entry.ipa),
    ),
  ])
  return xmlDocument(
    element(
      'lexicon',
      {
        version: '1.0',
        xmlns: 'http://www.w3.org/2005/01/pronunciation-lexicon',
        'xmlns:nightjar': ownNamespace,
        alphabet: 'ipa',
        'xml:lang': language,
      },
      ...lexemes,
      '\n',
    ),
  )
}

/** Only where a reader would not find out by itself. */
function roleOf({ written, caseSensitive, stem }: LexiconEntry): string | undefined {
  const roles = [
    caseSensitive === isCaseSensitive(written) ? [] : caseSensitive ? ownRoles.exactCase : ownRoles.anyCase,
    stem ? ownRoles.stem : [],
  ].flat()
  return roles.length === 0 ? undefined : roles.map((role) => `nightjar:${role}`).join(' ')
}
