import {
  addHeardRange,
  countHeard,
  type HeardRanges,
  moveHeardRanges,
  segmentIndexAfter,
  type SegmentsChange,
} from '../../novel/segment.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'
import { novelState } from '../novel-state.ts'

/** A listener in a novel. */
export interface InNovel {
  readonly listener: string
  readonly novelId: string
}

/** Something that plays: a browser on a machine, by an id that it made itself. */
interface Device {
  readonly id: string
  /** For people: `Firefox on Android`. */
  readonly name: string
}

/** A position in a novel; `seconds` from the chapter's first sample. */
export interface Position {
  readonly chapterNumber: number
  readonly segment: number
  readonly seconds: number
}

export interface StoredPosition extends Position {
  /** Which saved it; left out: it did not say. */
  readonly device?: Device
  /** When it was listened to. */
  readonly updatedAt: string
}

export async function positionOf(
  db: Database,
  { listener, novelId }: InNovel,
): Promise<StoredPosition | undefined> {
  const row = await db
    .selectFrom('positions')
    .select(['chapterNumber', 'segment', 'seconds', 'device', 'deviceName', 'updatedAt'])
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row && asStoredPosition(row)
}

/** A row of `positions`, without its keys. */
export function asStoredPosition({
  device,
  deviceName,
  ...position
}: Position & {
  readonly device: string | null
  readonly deviceName: string | null
  readonly updatedAt: string
}): StoredPosition {
  return { ...position, ...(device !== null && { device: { id: device, name: deviceName ?? '' } }) }
}

/** The positions of all listeners in visible novels since a time (ISO 8601), the latest last. */
export async function positionsSince(
  db: Database,
  time: string,
): Promise<(Position & { readonly novelId: string; readonly updatedAt: string })[]> {
  return db
    .selectFrom('positions')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select(['novelId', 'chapterNumber', 'segment', 'seconds', 'updatedAt'])
    .where('updatedAt', '>=', time)
    .where('complete', '=', novelState.shelved)
    .orderBy('updatedAt')
    .execute()
}

/**
 * Saves a position unless there is one that was listened to later: one that is sent late, by a device that had no network,
 * is older than what another has saved meanwhile. The novel is again among those to go on with. One statement, so that of several at once the latest stays. Returns
 * what is stored then.
 */
export async function savePosition(
  db: Database,
  { listener, novelId }: InNovel,
  {
    device,
    updatedAt = new Date().toISOString(),
    chapterNumber,
    segment,
    seconds,
  }: Position & Partial<StoredPosition>,
): Promise<StoredPosition> {
  const position = { chapterNumber, segment, seconds }
  const row = {
    ...position,
    device: device?.id ?? null,
    deviceName: device?.name ?? null,
    updatedAt,
    unlisted: 0,
  }
  const { numInsertedOrUpdatedRows: saved } = await db
    .insertInto('positions')
    .values({ listener, novelId, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['listener', 'novelId'])
        .doUpdateSet(row)
        .where('positions.updatedAt', '<=', updatedAt),
    )
    .executeTakeFirstOrThrow()
  const later = saved === 0n ? await positionOf(db, { listener, novelId }) : undefined
  return later ?? { ...position, updatedAt, ...(device && { device }) }
}

/**
 * Adjusts the positions in a novel to a change of a chapter's segments. How long the added ones are is unknown until they
 * are spoken: each counts as long as those before the position are on an average.
 */
export async function movePosition(
  db: Database,
  novelId: string,
  chapterNumber: number,
  change: SegmentsChange,
): Promise<void> {
  const query = db
    .selectFrom('positions')
    .selectAll()
    .where('novelId', '=', novelId)
    .where('chapterNumber', '=', chapterNumber)
    .orderBy('listener')
  for (const position of await sqlDialect(db).lockRows(query).execute()) {
    const segment = segmentIndexAfter(position.segment, change)
    const average = position.seconds / (position.segment + 0.5)
    const seconds = Math.max(0, position.seconds + (segment - position.segment) * average)
    await db
      .updateTable('positions')
      .set({ segment, seconds })
      .where('listener', '=', position.listener)
      .where('novelId', '=', novelId)
      .execute()
  }
}

/** The segments of a chapter that a listener has heard. */
export interface HeardChapter {
  readonly chapterNumber: number
  readonly ranges: HeardRanges
  /** Number of segments in `ranges`. */
  readonly segments: number
  readonly updatedAt: string
}

/** Adds segments `from` to `to`, both included, in one durable commit. */
export async function addHeard(
  db: Database,
  of: { readonly listener: string; readonly novelId: string; readonly chapterNumber: number },
  [from, to]: readonly [from: number, to: number],
): Promise<HeardChapter> {
  return db.transaction().execute(async (commit) => {
    await lockHeard(commit, of.novelId)
    const known = await commit
      .selectFrom('heard')
      .select('ranges')
      .where('listener', '=', of.listener)
      .where('novelId', '=', of.novelId)
      .where('chapterNumber', '=', of.chapterNumber)
      .executeTakeFirst()
    const ranges = addHeardRange(known ? (parseStoredJson(known.ranges) as HeardRanges) : [], from, to)
    const row = {
      ranges: JSON.stringify(ranges),
      segments: countHeard(ranges),
      updatedAt: new Date().toISOString(),
    }
    await commit
      .insertInto('heard')
      .values({ ...of, ...row })
      .onConflict((conflict) => conflict.columns(['listener', 'novelId', 'chapterNumber']).doUpdateSet(row))
      .execute()
    return { ...row, chapterNumber: of.chapterNumber, ranges }
  })
}

/** What a listener has heard of a novel, by chapter in reading order. */
export async function heardOf(db: Database, listener: string, novelId: string): Promise<HeardChapter[]> {
  const rows = await db
    .selectFrom('heard')
    .select(['chapterNumber', 'ranges', 'segments', 'updatedAt'])
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
    .orderBy('chapterNumber')
    .execute()
  return rows.map((row) => ({ ...row, ranges: parseStoredJson(row.ranges) as HeardRanges }))
}

/** Number of segments that a listener has heard, by chapter number. */
export async function heardCounts(
  db: Database,
  listener: string,
  novelId: string,
): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .selectFrom('heard')
    .select(['chapterNumber', 'segments'])
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
    .execute()
  return new Map(rows.map(({ chapterNumber, segments }) => [chapterNumber, segments]))
}

/** Two that change the same ranges at once would each lose what the other adds. */
export async function lockHeard(transaction: Database, novelId: string): Promise<void> {
  await sqlDialect(transaction).serialize(transaction, `heard ${novelId}`)
}

/** Adjusts the heard ranges of all listeners to a change of a chapter's segments. */
export async function moveHeard(
  db: Database,
  novelId: string,
  chapterNumber: number,
  change: SegmentsChange,
): Promise<void> {
  await lockHeard(db, novelId)
  const rows = await db
    .selectFrom('heard')
    .select(['listener', 'ranges'])
    .where('novelId', '=', novelId)
    .where('chapterNumber', '=', chapterNumber)
    .execute()
  for (const { listener, ranges } of rows) {
    const moved = moveHeardRanges(parseStoredJson(ranges) as HeardRanges, change)
    await db
      .updateTable('heard')
      .set({ ranges: JSON.stringify(moved), segments: countHeard(moved) })
      .where('listener', '=', listener)
      .where('novelId', '=', novelId)
      .where('chapterNumber', '=', chapterNumber)
      .execute()
  }
}
