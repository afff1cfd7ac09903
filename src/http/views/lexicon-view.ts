import { lexiconScopes } from '../../novel/lexicon-entry.ts'
import type { Database } from '../../storage/database-tables.ts'
import { lexiconBook, wantedLexicons } from '../../storage/queries/lexicon-book-queries.ts'
import { entriesOf, hasChange, scopePlace } from '../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { LexiconView } from '../contract/lexicon-contract.ts'

/** How words of a novel are said, from the narrowest scope to the widest. */
export async function viewLexicon(db: Database, novel: NovelRow): Promise<LexiconView> {
  const [book, wanted] = await Promise.all([lexiconBook(db, novel.id), wantedLexicons(db)])
  const scopes = lexiconScopes.flatMap((scope) => scopePlace(novel, scope) ?? [])
  return {
    state: book ? (book.state === 'wanted' ? 'waiting' : book.state) : 'none',
    ...(book?.state === 'wanted' &&
      book.chaptersTotal > 0 && { progress: { done: book.chaptersDone, total: book.chaptersTotal } }),
    waiting: wanted.length,
    scopes: await Promise.all(
      scopes.map(async (place) => ({
        scope: place.scope,
        ...(place.name !== undefined && { name: place.name }),
        entries: await entriesOf(db, place),
        undo: await hasChange(db, place, 'undo'),
        redo: await hasChange(db, place, 'redo'),
      })),
    ),
  }
}
