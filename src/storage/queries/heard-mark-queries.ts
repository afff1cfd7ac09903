import { countHeard, type HeardRanges } from '../../novel/segment.ts'
import type { Database } from '../database-tables.ts'
import { heardOf, type InNovel, lockHeard } from './playback-queries.ts'

/** What shall count as heard of a chapter. */
export interface ChapterMark {
  readonly chapterNumber: number
  /** In order and separate; none: it was not heard. */
  readonly ranges: HeardRanges
}

/** Rows of one statement. */
const batch = 500

/**
 * Sets what was heard of chapters, whatever it was, in one durable commit. Returns what it was in those that changed, by
 * which the same call takes it back.
 */
export async function markHeard(
  db: Database,
  of: InNovel,
  marks: readonly ChapterMark[],
): Promise<ChapterMark[]> {
  return db.transaction().execute(async (commit) => {
    await lockHeard(commit, of.novelId)
    const heard = await heardOf(commit, of.listener, of.novelId)
    const known = new Map(heard.map(({ chapterNumber, ranges }) => [chapterNumber, ranges]))
    const rangesOf = ({ chapterNumber }: ChapterMark): HeardRanges => known.get(chapterNumber) ?? []
    const changed = marks.filter((mark) => JSON.stringify(mark.ranges) !== JSON.stringify(rangesOf(mark)))
    for (let at = 0; at < changed.length; at += batch) await write(commit, of, changed.slice(at, at + batch))
    return changed.map((mark) => ({ chapterNumber: mark.chapterNumber, ranges: rangesOf(mark) }))
  })
}

async function write(commit: Database, of: InNovel, marks: readonly ChapterMark[]): Promise<void> {
  await commit
    .deleteFrom('heard')
    .where('listener', '=', of.listener)
    .where('novelId', '=', of.novelId)
    .where(
      'chapterNumber',
      'in',
      marks.map(({ chapterNumber }) => chapterNumber),
    )
    .execute()
  const updatedAt = new Date().toISOString()
  const rows = marks
    .filter(({ ranges }) => ranges.length > 0)
    .map(({ chapterNumber, ranges }) => ({
      listener: of.listener,
      novelId: of.novelId,
      chapterNumber,
      updatedAt,
      ranges: JSON.stringify(ranges),
      segments: countHeard(ranges),
    }))
  if (rows.length > 0) await commit.insertInto('heard').values(rows).execute()
}
