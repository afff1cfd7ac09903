import type { ChapterEditKind } from '../../novel/chapter-edit.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../../storage/database-tables.ts'
import { copyLines } from '../../storage/queries/chapter-line-queries.ts'
import { type CommittedEdit, commitEdit } from '../../storage/queries/chapter-edit-queries.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { hideNovel } from '../../storage/queries/deletion-queries.ts'
import { stageChapters } from '../../storage/queries/rekey-queries.ts'
import { asEdited } from './chapter-arrangement.ts'

/** A chapter with the same blocks, and other segments. */
export interface CutChapter {
  readonly text: StoredChapter
  /** Of one chapter, which is number 0 in both versions. */
  readonly runs: readonly SegmentRun[]
}

/**
 * Gives chapters of a novel other segments, as one edit in its journal; `cut` has at least one, by the chapter's id.
 * `within`: called in the transaction, with the generations whose chapters are others now. `undefined`: the chapters are
 * others by now, or the novel is gone; then nothing was changed.
 */
export async function commitCut(
  db: Database,
  novelId: string,
  {
    kind,
    chapters,
    cut,
  }: {
    readonly kind: ChapterEditKind
    readonly chapters: readonly ChapterRow[]
    readonly cut: ReadonlyMap<number, CutChapter>
  },
  within: (commit: Database, generationIds: readonly string[]) => Promise<void>,
): Promise<CommittedEdit | undefined> {
  const first = chapters.findIndex(({ id }) => cut.has(id))
  const last = chapters.findLastIndex(({ id }) => cut.has(id))
  const before = chapters.slice(first, last + 1)
  const changed = before.flatMap((row) => cut.get(row.id) ?? [])
  const staged = await stageChapters(
    db,
    novelId,
    changed.map(({ text }) => text),
  )
  const ids = [...staged.chapterIds]
  const copied: (readonly [number, number])[] = []
  const after = before.map((row) => {
    if (!cut.has(row.id)) return asEdited(row)
    const id = ids.shift()!
    copied.push([row.id, id])
    return { ...asEdited(row), id }
  })
  const runs = before.flatMap((row, at): SegmentRun[] =>
    (cut.get(row.id)?.runs ?? []).map(([, from, , to, length]) => [at, from, at, to, length]),
  )
  const edit = {
    kind,
    at: before[0]!.number,
    before: before.map(asEdited),
    after,
    runs,
    shadowId: staged.shadowId,
  }
  const committed = await commitEdit(db, novelId, edit, async (commit, generationIds) => {
    await copyLines(commit, copied)
    await within(commit, generationIds)
  })
  if (!committed) await hideNovel(db, staged.shadowId)
  return committed
}
