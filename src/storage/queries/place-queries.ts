import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { sql } from 'kysely'
import {
  type ChaptersEdit,
  type NovelPlace,
  placeAfterEdit,
  rangesAfterEdit,
} from '../../novel/chapter-edit.ts'
import { addHeardRange, countHeard, type HeardRanges } from '../../novel/segment.ts'
import type { Database } from '../database-tables.ts'
import { moveBookmarksWithEdit } from './bookmark-move-queries.ts'
import { parseStoredJson } from './column-values.ts'
import { lockHeard } from './playback-queries.ts'

/** Moves all that is stored by chapter number along with an edit. Called in its transaction. */
export async function movePlaces(db: Database, novelId: string, edit: ChaptersEdit): Promise<void> {
  await movePositions(db, novelId, edit)
  await moveHeardChapters(db, novelId, edit)
  await moveBookmarksWithEdit(db, novelId, edit)
}

async function movePositions(db: Database, novelId: string, edit: ChaptersEdit): Promise<void> {
  const places = await db
    .selectFrom('positions')
    .select(['chapterNumber', 'segment'])
    .distinct()
    .where('novelId', '=', novelId)
    .where('chapterNumber', '>=', edit.at)
    .execute()
  for (const place of places) {
    const moved = placeAfterEdit(edit, place)
    if (moved.chapterNumber === place.chapterNumber && moved.segment === place.segment) continue
    // Negative until all are moved, so that none is moved twice.
    await db
      .updateTable('positions')
      .set({ chapterNumber: -moved.chapterNumber, segment: moved.segment })
      .set((row) => ({ seconds: secondsAfter(row.ref('seconds'), place, moved) }))
      .where('novelId', '=', novelId)
      .where('chapterNumber', '=', place.chapterNumber)
      .where('segment', '=', place.segment)
      .execute()
  }
  await db
    .updateTable('positions')
    .set({ chapterNumber: sql<number>`-${sql.ref('chapterNumber')}` })
    .where('novelId', '=', novelId)
    .where('chapterNumber', '<', 0)
    .execute()
}

/** From the first sample of its chapter; a segment counts as long as those before it were on an average. */
function secondsAfter(seconds: unknown, before: NovelPlace, after: NovelPlace) {
  return sql<number>`${seconds} * ${(after.segment + 0.5) / (before.segment + 0.5)}`
}

const rowsPerStatement = 100

async function moveHeardChapters(db: Database, novelId: string, edit: ChaptersEdit): Promise<void> {
  await lockHeard(db, novelId)
  const shifts = edit.before.length !== edit.after.length
  const rows = await db
    .deleteFrom('heard')
    .where('novelId', '=', novelId)
    .where('chapterNumber', '>=', edit.at)
    .$if(!shifts, (query) => query.where('chapterNumber', '<', edit.at + edit.before.length))
    .returning(['listener', 'chapterNumber', 'ranges', 'updatedAt'])
    .execute()
  const moved = new Map<
    string,
    { listener: string; chapterNumber: number; ranges: HeardRanges; updatedAt: string }
  >()
  for (const [at, { listener, chapterNumber, ranges, updatedAt }] of rows.entries()) {
    if (at % rowsPerStatement === 0) await yieldToEventLoop()
    const heard = parseStoredJson(ranges) as HeardRanges
    for (const [number, after] of rangesAfterEdit(edit, chapterNumber, heard)) {
      const key = `${number}/${listener}`
      const known = moved.get(key)
      moved.set(key, {
        listener,
        chapterNumber: number,
        ranges: after.reduce((all, [from, to]) => addHeardRange(all, from, to), known?.ranges ?? []),
        updatedAt: known && known.updatedAt > updatedAt ? known.updatedAt : updatedAt,
      })
    }
  }
  const values = [...moved.values()].map(({ ranges, ...row }) => ({
    ...row,
    novelId,
    ranges: JSON.stringify(ranges),
    segments: countHeard(ranges),
  }))
  for (let at = 0; at < values.length; at += rowsPerStatement) {
    await yieldToEventLoop()
    await db
      .insertInto('heard')
      .values(values.slice(at, at + rowsPerStatement))
      .execute()
  }
}
