import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'
import { lockNovel } from './novel-queries.ts'

export type FeedRow = Selectable<Tables['feeds']>

const tokenBytes = 16

/** Whose feed, and of which novel. */
export type FeedOwner = Pick<FeedRow, 'listener' | 'novelId'>

export async function feedOf(db: Database, { listener, novelId }: FeedOwner): Promise<FeedRow | undefined> {
  return db
    .selectFrom('feeds')
    .selectAll()
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
    .executeTakeFirst()
}

/** `disabledAt`: since when who has the feed is shut out. */
export type KnownFeed = FeedRow & Pick<Selectable<Tables['people']>, 'disabledAt'>

export async function feedByToken(db: Database, token: string): Promise<KnownFeed | undefined> {
  return db
    .selectFrom('feeds')
    .leftJoin('people', 'people.listener', 'feeds.listener')
    .selectAll('feeds')
    .select('people.disabledAt')
    .where('feeds.digest', '=', digestOf(token))
    .executeTakeFirst()
}

/**
 * Creates a listener's feed of a visible novel with a random token; an existing feed is kept. Returns whether it was created.
 */
export async function addFeed(db: Database, { listener, novelId }: FeedOwner): Promise<boolean> {
  const token = randomBytes(tokenBytes).toString('base64url')
  const now = new Date().toISOString()
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return false
    const { numInsertedOrUpdatedRows } = await commit
      .insertInto('feeds')
      .values({
        listener,
        novelId,
        token,
        digest: digestOf(token),
        createdAt: now,
        fingerprint: '',
        changedAt: now,
      })
      .onConflict((conflict) => conflict.columns(['listener', 'novelId']).doNothing())
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
