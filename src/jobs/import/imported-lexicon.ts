import { v7 as uuidv7 } from 'uuid'
import { sayable } from '../../lexicon/entry-check.ts'
import { type BookLexicon, lexiconLimits } from '../../novel/lexicon-entry.ts'
import type { Database } from '../../storage/database-tables.ts'
import { wantLexicon } from '../../storage/queries/lexicon-book-queries.ts'
import { bookLexicon, changedEntries, commitChange } from '../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { NovelHead } from './book-reader.ts'

/** How words of a book that is being imported are said: as it says itself, which is stored, and as series and all have it. */
export async function lexiconAtImport(db: Database, id: string, head: NovelHead): Promise<BookLexicon> {
  // An entry that nobody can say is left out: the book is spoken as it is written then.
  const said = (head.lexicon ?? []).flatMap(({ fromBook = 'lexicon', ...entry }) => {
    const known = sayable(entry)
    return known ? [{ ...known, fromBook }] : []
  })
  // Of two entries for a word the later one counts: that of the book's lexicon.
  const own = said.slice(0, lexiconLimits.entries).toReversed()
  if (own.length > 0)
    await db.transaction().execute(async (commit) => {
      const place = { scope: 'novel', key: id, novelId: id } as const
      await commitChange(commit, place, changedEntries([], { put: own, remove: [] }))
    })
  const { author, language, series } = head
  return bookLexicon(db, { id, author, language, metadata: JSON.stringify({ series }) })
}

/** Has a novel brought up to date if the lexicon was changed while it was imported, when nobody found it. */
export async function noteImported(
  db: Database,
  novel: NovelRow,
  lexicon: BookLexicon | undefined,
): Promise<void> {
  if (JSON.stringify(await bookLexicon(db, novel)) !== JSON.stringify(lexicon))
    await wantLexicon(db, [novel.id], uuidv7())
}
