import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { SegmentsChange } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../database-tables.ts'
import type { ChapterRow } from './chapter-queries.ts'
import { bytesToHash } from './column-values.ts'
import { hideNovel } from './deletion-queries.ts'
import { chapterSetHash } from './generation-queries.ts'
import { ChapterInsertion } from './chapter-insertion.ts'
import { importLease, keepImport, lockNovel } from './novel-queries.ts'
import { moveBookmarks } from './bookmark-move-queries.ts'
import { moveHeard, movePosition } from './playback-queries.ts'

/** A chapter of a novel with the text that shall take its place. */
export interface RekeyedChapter {
  readonly old: Pick<ChapterRow, 'id' | 'number'>
  readonly text: StoredChapter
  /** Left out: it has as many segments as before. */
  readonly change?: SegmentsChange
}

/** New texts that are written down and that nobody sees yet. */
export interface StagedRekey {
  /** The id of the hidden novel that holds them. */
  readonly shadowId: string
  readonly chapters: readonly Omit<RekeyedChapter, 'text'>[]
}

/**
 * Writes new texts beside a novel, a commit for each group of chapters. They belong to a novel of their own that is
 * incomplete, so nobody sees them, and a crash leaves them to `hideIncompleteNovels`. `undefined`: there were none.
 * Throws what `chapters` throws, with all of it hidden.
 */
export async function stageRekey(
  db: Database,
  novelId: string,
  chapters: AsyncIterable<readonly RekeyedChapter[]>,
): Promise<StagedRekey | undefined> {
  const shadowId = uuidv7()
  const staged: Omit<RekeyedChapter, 'text'>[] = []
  const insertion = new ChapterInsertion(db, shadowId)
  using _ = keepImport(db, shadowId)
  try {
    for await (const group of chapters) {
      if (staged.length === 0) await insertShadow(db, shadowId, novelId)
      await insertion.add(group.map(({ old, text }) => ({ number: old.number, text })))
      staged.push(...group.map(({ old, change }) => ({ old, ...(change && { change }) })))
    }
  } catch (error) {
    await hideNovel(db, shadowId)
    throw error
  }
  return staged.length === 0 ? undefined : { shadowId, chapters: staged }
}

/** The same for chapters that take the place of others as an edit says. Returns their ids, in order. */
export async function stageChapters(
  db: Database,
  novelId: string,
  texts: readonly StoredChapter[],
): Promise<{ readonly shadowId: string; readonly chapterIds: readonly number[] }> {
  await using staging = await ChapterStaging.begin(db, novelId)
  await staging.add(texts)
  return staging.finish()
}

/** Chapters that are staged as they come. Unless it is finished, what was staged is hidden when it is disposed of. */
export class ChapterStaging implements AsyncDisposable {
  readonly #db: Database
  readonly #shadowId = uuidv7()
  readonly #lease: Disposable
  readonly #insertion: ChapterInsertion
  readonly #chapterIds: number[] = []
  #isFinished = false

  private constructor(db: Database) {
    this.#db = db
    this.#insertion = new ChapterInsertion(db, this.#shadowId)
    this.#lease = keepImport(db, this.#shadowId)
  }

  static async begin(db: Database, novelId: string): Promise<ChapterStaging> {
    const staging = new ChapterStaging(db)
    try {
      await insertShadow(db, staging.#shadowId, novelId)
    } catch (error) {
      staging.#lease[Symbol.dispose]()
      throw error
    }
    return staging
  }

  async add(texts: readonly StoredChapter[]): Promise<void> {
    const first = this.#chapterIds.length + 1
    const ids = await this.#insertion.add(texts.map((text, nth) => ({ number: first + nth, text })))
    this.#chapterIds.push(...ids)
  }

  finish(): { readonly shadowId: string; readonly chapterIds: readonly number[] } {
    this.#isFinished = true
    return { shadowId: this.#shadowId, chapterIds: this.#chapterIds }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isFinished) await hideNovel(this.#db, this.#shadowId)
    this.#lease[Symbol.dispose]()
  }
}

/** The hidden novel that staged chapters belong to. */
export async function insertShadow(commit: Database, shadowId: string, novelId: string): Promise<void> {
  await sql`
    INSERT INTO novels (id, title, author, language, metadata, "sourceSha256", "sourceName", report, complete, "importUntil", "createdAt")
    SELECT ${shadowId}, title, author, language, metadata, ${`rekey:${shadowId}`}, "sourceName", report, 0, ${importLease(commit)}, "createdAt"
    FROM novels WHERE id = ${novelId}`.execute(commit)
}

export interface CommittedRekey {
  /** Ids of the generations that have one of the chapters. */
  readonly generationIds: readonly string[]
  /** Keys of transcodes whose files are to be removed. */
  readonly transcodeKeys: readonly string[]
}

/**
 * Puts staged chapters in the places of the old ones, in one transaction of a few statements whatever the number of
 * segments: generations, what was heard and positions go on with the new ones, and generations that had ended are open
 * again. The old rows belong to the hidden novel afterwards, for `deleteSomeNovelRows`. `undefined`: one of the chapters
 * is another by now, or the novel is gone; then nothing was changed, and what was staged is hidden.
 */
export async function commitRekey(
  db: Database,
  novelId: string,
  { shadowId, chapters }: StagedRekey,
): Promise<CommittedRekey | undefined> {
  const committed = await db.transaction().execute(async (commit) => {
    // A request that has read the old chapters is committed before, and gets the new ones then, or reads again.
    if (!(await lockNovel(commit, novelId))) return undefined
    if (!(await areChaptersUnchanged(commit, novelId, chapters))) return undefined
    // Numbers are unique within a novel, also in the middle of a statement, so the new chapters have negative ones until
    // the old ones have made room.
    await sql`UPDATE chapters SET number = -number WHERE "novelId" = ${shadowId}`.execute(commit)
    await sql`
      UPDATE chapters AS new SET narrated = old.narrated FROM chapters AS old
      WHERE new."novelId" = ${shadowId} AND old."novelId" = ${novelId} AND old.number = -new.number`.execute(
      commit,
    )
    await sql`
      UPDATE "generationChapters" AS asked SET "chapterId" = new.id
      FROM chapters AS old JOIN chapters AS new ON new."novelId" = ${shadowId} AND new.number = -old.number
      WHERE old."novelId" = ${novelId} AND asked."chapterId" = old.id`.execute(commit)
    const transcodes = await commit
      .deleteFrom('recordings')
      .where('chapterId', 'in', (query) =>
        query
          .selectFrom('chapters as old')
          .innerJoin('chapters as new', (join) =>
            join.on('new.novelId', '=', shadowId).on('new.number', '=', sql<number>`-old.number`),
          )
          .select('old.id')
          .where('old.novelId', '=', novelId),
      )
      .returning('key')
      .execute()
    const generationIds = await reopenGenerations(commit, shadowId)
    await sql`
      UPDATE chapters SET "novelId" = ${shadowId}
      WHERE "novelId" = ${novelId}
        AND number IN (SELECT -number FROM chapters WHERE "novelId" = ${shadowId} AND number < 0)`.execute(
      commit,
    )
    await sql`
      UPDATE chapters SET "novelId" = ${novelId}, number = -number
      WHERE "novelId" = ${shadowId} AND number < 0`.execute(commit)
    for (const { old, change } of chapters) {
      if (!change) continue
      await moveHeard(commit, novelId, old.number, change)
      await movePosition(commit, novelId, old.number, change)
    }
    await moveBookmarks(
      commit,
      novelId,
      chapters.map(({ old }) => old.number),
    )
    await hideNovel(commit, shadowId)
    return { generationIds, transcodeKeys: transcodes.map(({ key }) => bytesToHash(key)) }
  })
  if (!committed) await hideNovel(db, shadowId)
  return committed
}

async function areChaptersUnchanged(
  commit: Database,
  novelId: string,
  chapters: StagedRekey['chapters'],
): Promise<boolean> {
  const rows = await commit
    .selectFrom('chapters')
    .select(['id', 'number'])
    .where('novelId', '=', novelId)
    .execute()
  const numbers = new Map(rows.map(({ id, number }) => [id, number]))
  return chapters.every(({ old }) => numbers.get(old.id) === old.number)
}

/** Those that have one of the new chapters. */
async function reopenGenerations(commit: Database, shadowId: string): Promise<string[]> {
  const generations = await commit
    .selectFrom('generations')
    .innerJoin('generationChapters', 'generationId', 'generations.id')
    .innerJoin('chapters', 'chapters.id', 'chapterId')
    .select('generations.id')
    .distinct()
    .where('chapters.novelId', '=', shadowId)
    .execute()
  const ids = generations.map(({ id }) => id)
  await reopenWithChapters(commit, ids)
  return ids
}

/** Has generations go on whose chapters are others now. Cancelled ones stay so. */
export async function reopenWithChapters(commit: Database, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const chapters = await commit
      .selectFrom('generationChapters')
      .select('chapterId')
      .where('generationId', '=', id)
      .execute()
    const chapterSet = chapterSetHash(chapters.map(({ chapterId }) => chapterId))
    await commit
      .updateTable('generations')
      .set({ chapterSet })
      .where('id', '=', id)
      // Those that go along with a listener are nobody's other request.
      .where('id', 'not in', (row) => row.selectFrom('keptAhead').select('generationId'))
      .execute()
    await commit
      .updateTable('generations')
      .set({ completedAt: null })
      .where('id', '=', id)
      .where('wish', '!=', 'cancelled')
      .execute()
  }
}
