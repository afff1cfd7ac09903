import type { InboxState } from '../../novel/inbox-state.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import type { Eyes } from './kept-novel-queries.ts'
import { readStoredFailure, type StoredFailure, storedFailureColumn } from './stored-failure.ts'

/** A file of the watched folder that was read. */
export interface InboxFile {
  /** Below the folder, with `/`. */
  readonly path: string
  /** What several formats of one book have in common, see `booksIn`. */
  readonly book: string
  readonly size: number
  /** Of its last change, whole milliseconds. */
  readonly mtimeMs: number
  /** Hexadecimal; `null`: it was not read to its end. */
  readonly sha256: string | null
  readonly state: InboxState
  readonly novelId: string | null
  /** Why it was refused, or is not spoken. */
  readonly failure: StoredFailure | null
}

/** By their paths. */
export async function inboxFiles(
  db: Database,
): Promise<Map<string, Pick<InboxFile, 'book' | 'size' | 'mtimeMs' | 'state'>>> {
  const rows = await db
    .selectFrom('inboxFiles')
    .select(['path', 'book', 'size', 'mtimeMs', 'state'])
    .execute()
  return new Map(rows.map(({ path, ...row }) => [path, row]))
}

export async function saveInboxFile(db: Database, { path, failure, ...file }: InboxFile): Promise<void> {
  const row = {
    ...file,
    failure: storedFailureColumn(failure),
    readAt: new Date().toISOString(),
  }
  await db
    .insertInto('inboxFiles')
    .values({ path, ...row })
    .onConflict((conflict) => conflict.column('path').doUpdateSet(row))
    .execute()
}

/** The novel that these bytes became when they were imported from the folder before, `null` if that is not known. */
export async function inboxNovelOf(
  db: Database,
  sha256: string,
): Promise<{ readonly novelId: string | null } | undefined> {
  return db
    .selectFrom('inboxFiles')
    .select('novelId')
    .where('sha256', '=', sha256)
    .where('state', '=', 'imported')
    .orderBy('path')
    .limit(1)
    .executeTakeFirst()
}

/** Forgets refused files, which are read again if they are still there. */
export async function forgetRefused(db: Database, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    await db.deleteFrom('inboxFiles').where('path', '=', path).where('state', '=', 'refused').execute()
}

export interface ListedInboxFile extends Pick<InboxFile, 'path' | 'state' | 'failure'> {
  /** Of a novel on the shelf, which these eyes see. */
  readonly novelId: string | null
  readonly title: string | null
  readonly readAt: string
}

/** What was read, refused files first, then the latest. */
export async function listInboxFiles(
  db: Database,
  eyes: Eyes,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<ListedInboxFile[]> {
  const rows = await db
    .selectFrom('inboxFiles')
    .leftJoin('novels', (join) =>
      join
        .onRef('novels.id', '=', 'inboxFiles.novelId')
        .on('novels.complete', '=', novelState.shelved)
        .on((on) =>
          eyes === undefined
            ? on.lit(true)
            : on.or([on('novels.keeper', 'is', null), on('novels.keeper', '=', on.val(eyes))]),
        ),
    )
    .select(['path', 'state', 'failure', 'readAt', 'novels.id as novelId', 'title'])
    .orderBy('state', 'desc')
    .orderBy('readAt', 'desc')
    .orderBy('path')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(({ failure, ...row }) => ({
    ...row,
    failure: readStoredFailure(failure),
  }))
}
