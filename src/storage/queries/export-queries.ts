import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'

export type FeedRow = Selectable<Tables['feeds']>

const tokenBytes = 16

export async function feedOf(db: Database, novelId: string): Promise<FeedRow | undefined> {
  return db.selectFrom('feeds').selectAll().where('novelId', '=', novelId).executeTakeFirst()
}

export async function feedByToken(db: Database, token: string): Promise<FeedRow | undefined> {
  return db.selectFrom('feeds').selectAll().where('digest', '=', digestOf(token)).executeTakeFirst()
}

/** Gives a novel a secret address; one that it has already stays as it is. */
export async function addFeed(db: Database, novelId: string): Promise<void> {
  const token = randomBytes(tokenBytes).toString('base64url')
  const now = new Date().toISOString()
  await db
    .insertInto('feeds')
    .values({ novelId, token, digest: digestOf(token), createdAt: now, fingerprint: '', changedAt: now })
    .onConflict((conflict) => conflict.column('novelId').doNothing())
    .execute()
}

/** From here on the address is nobody's. */
export async function removeFeed(db: Database, novelId: string): Promise<void> {
  await db.deleteFrom('feeds').where('novelId', '=', novelId).execute()
}

/** Notes what a feed holds now, and since when if that is new. Returns since when, ISO 8601. */
export async function noteFeedContent(db: Database, feed: FeedRow, fingerprint: string): Promise<string> {
  if (feed.fingerprint === fingerprint) return feed.changedAt
  const changedAt = new Date().toISOString()
  await db.updateTable('feeds').set({ fingerprint, changedAt }).where('digest', '=', feed.digest).execute()
  return changedAt
}

function digestOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** Where a novel was written, below the folder of the setting. */
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
