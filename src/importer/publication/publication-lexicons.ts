import { Failure } from '../../novel/failure.ts'
import { resolveHref } from '../link-target.ts'
import { type PlsRefusal, readPls } from '../pls/pls-reader.ts'
import { maxPlsBytes } from '../pls/pls-vocabulary.ts'
import type { HeadLink } from '../xhtml/head-links.ts'
import type { BookFiles } from '../book-files.ts'
import { entryKey, type EntryOrigin, type LexiconEntry, lexiconLimits } from '../../novel/lexicon-entry.ts'
import type { Chapter } from '../../novel/novel.ts'

/** Lexicons that a book may have; of the others it is said that they were not read. */
const mostLexicons = 20

/** The paths of the pronunciation lexicons that a document of the spine names. */
export function lexiconsOf(links: readonly HeadLink[], file: string): string[] {
  return links.flatMap(({ rel, type, href }) => {
    const named = /\bpronunciation\b/.test(rel) && (type === '' || type === 'application/pls+xml')
    return (named ? resolveHref(file, href)?.file : undefined) ?? []
  })
}

const refusals: Readonly<Record<PlsRefusal, string>> = {
  alphabet: 'an alphabet that is neither IPA nor X-SAMPA',
  ipa: 'signs that are no IPA',
  'no-grapheme': 'no word',
  'no-pronunciation': 'no pronunciation',
  'too-long': 'too long',
  entity: 'an entity, which is not expanded',
  role: 'for one role of the word only',
  'further-pronunciation': 'a further pronunciation',
  repeated: 'said otherwise before',
  'too-many': 'too many',
}

/**
 * Reads a book's pronunciation lexicons, W3C PLS; the first that has a word says it. What is not taken is told in the
 * remarks, and no broken lexicon keeps a book from being read.
 */
export async function readLexicons(
  archive: BookFiles,
  files: Iterable<string>,
): Promise<{ readonly entries: readonly LexiconEntry[]; readonly remarks: readonly string[] }> {
  const entries = new Map<string, LexiconEntry>()
  const unread: string[] = []
  const refused = new Map<string, number>()
  for (const [at, file] of [...files].entries()) {
    const lexicon = at < mostLexicons ? await readLexicon(archive, file) : undefined
    if (lexicon === undefined) unread.push(file)
    for (const entry of lexicon?.entries ?? []) {
      const key = entryKey(entry)
      if (!entries.has(key)) entries.set(key, entry)
    }
    for (const { reason } of lexicon?.refused ?? [])
      refused.set(refusals[reason], (refused.get(refusals[reason]) ?? 0) + 1)
  }
  const count = [...refused.values()].reduce((sum, one) => sum + one, 0)
  const reasons = Array.from(refused, ([reason, times]) => `${reason} (${times})`).join(', ')
  return {
    entries: [...entries.values()],
    remarks: [
      ...(unread.length === 0
        ? []
        : [`Some of the book’s pronunciation lexicons could not be read: ${unread.slice(0, 5).join(', ')}.`]),
      ...(count === 0 ? [] : [`Of the book’s own pronunciations ${count} were left out: ${reasons}.`]),
    ],
  }
}

/** `undefined` if it is missing, damaged, too large or no lexicon. */
async function readLexicon(archive: BookFiles, file: string): Promise<ReturnType<typeof readPls>> {
  try {
    const bytes = await archive.read(file, maxPlsBytes)
    return bytes && readPls(bytes)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** The words whose sounds a book's text tells (`ssml:ph`), as the first place of each has them. */
export function wordsWithSounds(chapters: readonly Chapter[]): readonly (LexiconEntry & EntryOrigin)[] {
  const found = new Map<string, LexiconEntry & EntryOrigin>()
  for (const { blocks } of chapters)
    for (const { text, readings = [] } of blocks)
      for (const { start, end, ipa } of readings) {
        const written = text.slice(start, end)
        if (ipa === undefined || written.length > lexiconLimits.written || found.has(written)) continue
        found.set(written, { written, ipa, caseSensitive: true, stem: false, fromBook: 'text' })
      }
  return [...found.values()]
}
