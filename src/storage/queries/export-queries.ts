import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'
import { lockNovel } from './novel-queries.ts'

export type FeedRow = Selectable<Tables['feeds']>

const tokenBytes = 16

export async function feedOf(db: Database, novelId: string): Promise<FeedRow | undefined> {
  return db.selectFrom('feeds').selectAll().where('novelId', '=', novelId).executeTakeFirst()
}

export async function feedByToken(db: Database, token: string): Promise<FeedRow | undefined> {
  return db.selectFrom('feeds').selectAll().where('digest', '=', digestOf(token)).executeTakeFirst()
}

/**
 * Creates a visible novel's feed with a random token; an existing feed is kept. Returns whether it was created.
 */
export async function addFeed(db: Database, novelId: string): Promise<boolean> {
  const token = randomBytes(tokenBytes).toString('base64url')
  const now = new Date().toISOString()
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return false
    const { numInsertedOrUpdatedRows } = await commit
      .insertInto('feeds')
      .values({ novelId, token, digest: digestOf(token), createdAt: now, fingerprint: '', changedAt: now })
      .onConflict((conflict) => conflict.column('novelId').doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  })
}

/** Stores the fingerprint of a feed's content if it has changed. Returns the time of the last change, ISO 8601. */
export async function noteFeedContent(db: Database, feed: FeedRow, fingerprint: string): Promise<string> {
  if (feed.fingerprint === fingerprint) return feed.changedAt
  const changedAt = new Date().toISOString()
  await db.updateTable('feeds').set({ fingerprint, changedAt }).where('digest', '=', feed.digest).execute()
  return changedAt
}

function digestOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** A novel's path in the audiobookshelf folder, relative to it. */
export async function audiobookshelfPathOf(db: Database, novelId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('audiobookshelfBooks')
    .select('path')
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row?.path
}

export async function saveAudiobookshelfPath(db: Database, novelId: string, path: string): Promise<void> {
  await db
    .insertInto('audiobookshelfBooks')
    .values({ novelId, path })
    .onConflict((conflict) => conflict.column('novelId').doUpdateSet({ path }))
    .execute()
}
