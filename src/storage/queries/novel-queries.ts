import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { ImportedNovel } from '../../novel/novel.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { ChapterInsertion } from './chapter-insertion.ts'
import { parseStoredJson } from './column-values.ts'
import { novelState, statesWithFiles } from '../novel-state.ts'
import { sourceOf } from '../novel-source.ts'
import { type Eyes, holdKeeper, isSeenBy } from './kept-novel-queries.ts'

export type NovelRow = Selectable<Tables['novels']>

export interface NewNovel {
  readonly id: string
  /** Of the file, in hexadecimal. */
  readonly sha256: string
  readonly sourceName: string
  readonly head: Omit<ImportedNovel, 'cover' | 'chapters'> & { readonly coverType?: string }
  /** In reading order, in batches, each of which is durable before the next is asked for. */
  readonly chapters: AsyncIterable<readonly StoredChapter[]> | Iterable<readonly StoredChapter[]>
  /** Of who adds it; left out: nobody's in particular. */
  readonly addedBy?: string | undefined
  /** Who alone sees it; left out: everybody does. */
  readonly keeper?: string | undefined
  /** Asked when all chapters are written: the novel that it is a version of, and to which it is offered then. */
  readonly versionOf?: () => Promise<string | undefined>
}

const leaseMs = 60_000
const renewMs = 20_000

/** Until when a novel counts as being imported, though nothing is heard of its server; by the database's clock. */
export function importLease(db: Database): RawBuilder<number | null> {
  const { shared, clock } = sqlDialect(db)
  return shared ? sql`${clock} + ${leaseMs}` : sql`NULL`
}

/** Renews the lease of a novel that is being imported, until it is disposed of. */
export function keepImport(db: Database, id: string): Disposable {
  if (!sqlDialect(db).shared) return { [Symbol.dispose]: () => undefined }
  const renew = async (): Promise<void> => {
    const query = db.updateTable('novels').set({ importUntil: importLease(db) })
    await query.where('id', '=', id).where('complete', '=', novelState.hidden).execute()
  }
  // While the database is away, nobody else can find that the lease has lapsed.
  const timer = setInterval(() => void renew().catch(() => undefined), renewMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/**
 * Inserts a novel, a batch of chapters in one commit or several; queries return it only when it is complete. Throws what `chapters`
 * throws, `account.unknown` if who keeps it is gone, and an error if another import of the same file has hidden it.
 */
export async function insertNovel(db: Database, added: NewNovel): Promise<void> {
  const { id, head } = added
  const source = sourceOf(added.sha256, added.keeper)
  using _ = keepImport(db, id)
  // A file is imported only once at a time, so an incomplete novel was left by an import that could not clean up.
  await db
    .updateTable('novels')
    .set(({ ref }) => ({ sourceSha256: ref('id') }))
    .where('sourceSha256', '=', source)
    .where('complete', '=', novelState.hidden)
    .execute()
  await db
    .insertInto('novels')
    .values({
      id,
      title: head.title,
      author: head.author,
      language: head.language,
      coverType: head.coverType ?? null,
      metadata: JSON.stringify({
        description: head.description,
        published: head.published,
        series: head.series,
        identifiers: head.identifiers,
      }),
      sourceSha256: source,
      sourceName: added.sourceName,
      report: JSON.stringify(head.report),
      importUntil: importLease(db),
      addedBy: added.addedBy ?? null,
      keeper: added.keeper ?? null,
      createdAt: new Date().toISOString(),
    })
    .execute()
  const insertion = new ChapterInsertion(db, id)
  let number = 0
  for await (const batch of added.chapters) {
    await insertion.add(batch.map((text) => ({ number: ++number, text })))
  }
  const known = await added.versionOf?.()
  const numUpdatedRows = await db.transaction().execute(async (commit) => {
    // Who was removed meanwhile would leave a novel that nobody sees.
    if (added.keeper !== undefined) await holdKeeper(commit, added.keeper)
    // Nothing is offered to a novel that is gone by now.
    const isVersion = known !== undefined && (await lockNovel(commit, known))
    // A novel that was hidden meanwhile may have lost chapters and must not become visible.
    const updated = await commit
      .updateTable('novels')
      .set(isVersion ? { complete: novelState.offered, versionOf: known } : { complete: novelState.shelved })
      .where('id', '=', id)
      .where('sourceSha256', '=', source)
      .executeTakeFirstOrThrow()
    return updated.numUpdatedRows
  })
  if (numUpdatedRows !== 1n) throw new Error(`novel ${id} was hidden during its import`)
}

export type NovelMetadata = Pick<ImportedNovel, 'description' | 'published' | 'series' | 'identifiers'>

/** The book's own metadata besides title, author and language. */
export function metadataOf({ metadata }: Pick<NovelRow, 'metadata'>): NovelMetadata {
  return parseStoredJson(metadata) as NovelMetadata
}

export async function novelById(db: Database, id: string): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('id', '=', id)
    .where('complete', '=', novelState.shelved)
    .executeTakeFirst()
}

/**
 * Excludes, until a transaction ends, all that would replace the novel's chapters, hide it or ask for a generation.
 * Returns whether the novel is there.
 */
export async function lockNovel(transaction: Database, id: string): Promise<boolean> {
  return (await lockedNovel(transaction, id).executeTakeFirst()) !== undefined
}

/** The query of that. */
export function lockedNovel(transaction: Database, id: string) {
  const visible = transaction
    .selectFrom('novels')
    .select('id')
    .where('id', '=', id)
    .where('complete', '=', novelState.shelved)
  return sqlDialect(transaction).lockRows(visible)
}

/** `source`: as `sourceOf` makes it. */
export async function novelBySource(db: Database, source: string): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('sourceSha256', '=', source)
    .where('complete', '=', novelState.shelved)
    .executeTakeFirst()
}

/** Whether a novel, or a version of one, is there with its file, on the shelf or not. */
export async function hasNovelWithFile(db: Database, id: string): Promise<boolean> {
  const query = db.selectFrom('novels').select('id').where('id', '=', id)
  return (await query.where('complete', 'in', statesWithFiles).executeTakeFirst()) !== undefined
}

interface ShelfOptions {
  /** Of title and author. */
  readonly search?: string | undefined
  readonly order?: 'latest' | 'title'
  readonly limit: number
  readonly offset: number
}

/** Novels that these eyes see, by import time, the latest first, or by title. */
export async function listNovels(db: Database, eyes: Eyes, options: ShelfOptions): Promise<NovelRow[]> {
  const { search, order = 'latest', limit, offset } = options
  const query = matching(db, eyes, search).selectAll()
  const ordered =
    order === 'title' ? query.orderBy(({ fn }) => fn('lower', ['title'])) : query.orderBy('createdAt', 'desc')
  return ordered.orderBy('id').limit(limit).offset(offset).execute()
}

export async function countNovels(db: Database, eyes: Eyes, search: string | undefined): Promise<number> {
  const { novels } = await matching(db, eyes, search)
    .select(({ fn }) => fn.countAll<number>().as('novels'))
    .executeTakeFirstOrThrow()
  return novels
}

function matching(db: Database, eyes: Eyes, search: string | undefined) {
  const query = db.selectFrom('novels').where('complete', '=', novelState.shelved).where(isSeenBy(eyes))
  if (!search) return query
  const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return query.where((row) =>
    row.or([
      sql<boolean>`lower(title) LIKE lower(${pattern}) ESCAPE '\\'`,
      sql<boolean>`lower(author) LIKE lower(${pattern}) ESCAPE '\\'`,
    ]),
  )
}

/** The languages of the library's novels, the most frequent first. */
export async function libraryLanguages(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('novels')
    .select('language')
    .where('complete', '=', novelState.shelved)
    .groupBy('language')
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .orderBy('language')
    .execute()
  return rows.map(({ language }) => language)
}

export async function updateNovel(
  db: Database,
  id: string,
  change: { title?: string; author?: string; voice?: string | null; speed?: number },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db.updateTable('novels').set(change).where('id', '=', id).execute()
}

/** A novel as the card of its source tells of it. */
type SourceOfNovel = Pick<NovelRow, 'id' | 'sourceName' | 'keeper' | 'versionOf'>

/** What the cards of novels say, also of those in the trash, for the first `limit` ids above `after`. */
export async function sourcesOfNovels(db: Database, after: string, limit: number): Promise<SourceOfNovel[]> {
  return novelSources(db).where('id', '>', after).orderBy('id').limit(limit).execute()
}

export async function sourceOfNovel(db: Database, id: string): Promise<SourceOfNovel | undefined> {
  return novelSources(db).where('id', '=', id).executeTakeFirst()
}

function novelSources(db: Database) {
  return db
    .selectFrom('novels')
    .select(['id', 'sourceName', 'keeper', 'versionOf'])
    .where('complete', 'in', statesWithFiles)
}

/** Ids of the novels whose files are needed: the visible ones, those in the trash, and those that a server is importing. */
export async function novelsWithFiles(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('novels')
    .select('id')
    .where((row) =>
      row.or([
        row('complete', 'in', statesWithFiles),
        row('importUntil', '>=', sql<number>`${sqlDialect(db).clock}`),
      ]),
    )
    .execute()
  return rows.map(({ id }) => id)
}

/** For every novel, also in the trash, what determines the files that it needs. */
export async function novelFiles(db: Database): Promise<Pick<NovelRow, 'id' | 'coverType'>[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'coverType'])
    .where('complete', 'in', statesWithFiles)
    .execute()
}
