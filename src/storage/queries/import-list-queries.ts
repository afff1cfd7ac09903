import { endStates, type ImportState } from '../../novel/import-state.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import type { ImportFile } from './import-queries.ts'
import { type Eyes, isSeenBy } from './kept-novel-queries.ts'
import { readStoredFailure, type StoredFailure } from './stored-failure.ts'

// Imports as they are shown to who has begun them.

const over: readonly ImportState[] = endStates

export interface ImportSummary {
  readonly id: string
  readonly createdAt: string
  /** Who has begun it; `null`: nobody signs in. */
  readonly listener: string | null
  /** Whether they keep its novels to themselves. */
  readonly kept: boolean
  readonly total: number
  /** Files of which nothing more becomes by itself. */
  readonly done: number
  readonly states: Readonly<Partial<Record<ImportState, number>>>
}

/** What is listed of imports. `batch`: this one alone; `ownAlone`: none that was begun when nobody signed in. */
interface ImportsAsked {
  readonly limit?: number
  readonly batch?: string
  readonly ownAlone?: boolean
}

/** The latest imports first, of those that these eyes see: their own, and those that were begun when nobody signed in. */
export async function listImports(
  db: Database,
  eyes: Eyes,
  { limit = 1, batch, ownAlone = false }: ImportsAsked,
): Promise<ImportSummary[]> {
  const batches = await db
    .selectFrom('importFiles')
    .select(({ fn }) => [
      'batch',
      fn.min('createdAt').as('createdAt'),
      fn.max('listener').as('listener'),
      fn.max('kept').as('kept'),
    ])
    .$if(batch !== undefined, (query) => query.where('batch', '=', batch ?? ''))
    .$if(eyes !== undefined, (query) =>
      query.where((row) =>
        ownAlone
          ? row('listener', '=', eyes ?? '')
          : row.or([row('listener', 'is', null), row('listener', '=', eyes ?? '')]),
      ),
    )
    .groupBy('batch')
    .orderBy('batch', 'desc')
    .limit(limit)
    .execute()
  if (batches.length === 0) return []
  const counted = await db
    .selectFrom('importFiles')
    .select((expression) => ['batch', 'state', expression.fn.countAll<number>().as('count')])
    .where(
      'batch',
      'in',
      batches.map((each) => each.batch),
    )
    .groupBy(['batch', 'state'])
    .execute()
  return batches.map(({ batch: id, createdAt, listener, kept }) => {
    const own = counted.filter((each) => each.batch === id)
    const sum = (rows: typeof own): number => rows.reduce((all, { count }) => all + count, 0)
    return {
      id,
      createdAt,
      listener,
      kept: kept === 1,
      total: sum(own),
      done: sum(own.filter(({ state }) => over.includes(state))),
      states: Object.fromEntries(own.map(({ state, count }) => [state, count])),
    }
  })
}

export interface ListedImportFile extends Omit<ImportFile, 'batch' | 'kept' | 'listener'> {
  /** Of a novel on the shelf, which these eyes see. */
  readonly novelId: string | null
  readonly title: string | null
  readonly author: string | null
  readonly versionId: string | null
  readonly failure: StoredFailure | null
}

/** The files of an import, in the order in which they were named. */
export async function listImportFiles(db: Database, eyes: Eyes, batch: string): Promise<ListedImportFile[]> {
  const rows = await db
    .selectFrom('importFiles')
    .leftJoin('novels', (join) =>
      join
        .onRef('novels.id', '=', 'importFiles.novelId')
        .on('novels.complete', '=', novelState.shelved)
        .on(isSeenBy(eyes)),
    )
    .select([
      'importFiles.id as id',
      'name',
      'bytes',
      'state',
      'failure',
      'versionId',
      'novels.id as novelId',
      'title',
      'author',
    ])
    .where('batch', '=', batch)
    .orderBy('importFiles.id')
    .execute()
  return rows.map(({ failure, ...row }) => ({ ...row, failure: readStoredFailure(failure) }))
}
