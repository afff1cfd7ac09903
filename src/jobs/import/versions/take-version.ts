import type { ChapterEditKind, EditedChapter } from '../../../novel/chapter-edit.ts'
import { Failure } from '../../../novel/failure.ts'
import { withLock } from '../../../storage/lock.ts'
import { coverKey } from '../../../storage/object-keys.ts'
import { readCover } from '../../../storage/novel-files.ts'
import {
  commitEdit,
  type CommittedEdit,
  type NewEdit,
} from '../../../storage/queries/chapter-edit-queries.ts'
import { hideNovel } from '../../../storage/queries/deletion-queries.ts'
import { namesByHand } from '../../../storage/queries/edit-history-queries.ts'
import { type NovelRow } from '../../../storage/queries/novel-queries.ts'
import {
  noteToSpeak,
  offeredVersion,
  setCoverType,
  setSpeakNew,
  sourceOf,
} from '../../../storage/queries/novel-version-queries.ts'
import { ChapterStaging } from '../../../storage/queries/rekey-queries.ts'
import { asEdited } from '../chapter-arrangement.ts'
import { type EditContext, publishEdit } from '../edit-chapters.ts'
import { chapterAsItWillBe } from './version-chapters.ts'
import { compareVersion, runsOf } from './version-comparison.ts'
import type { ComparedUnit } from './version-messages.ts'
import { requireNovel } from '../../require-novel.ts'

export interface TakeOptions {
  /** Whether new chapters are spoken by themselves from now on; left out: as it was. */
  readonly speakNew?: boolean | undefined
}

/** Chapters that change meanwhile make it begin again; nobody edits them this often. */
const maxAttempts = 5
const kind: ChapterEditKind = 'grow'

/**
 * Makes a version that is offered to a novel what the novel is, as one edit that can be undone: chapters whose text did not change
 * stay what they are, others keep all that did not change in them, and where listeners are moves along. Throws `novel.unknown`,
 * `version.unknown`, `edit.outdated`.
 */
export async function takeVersion(
  context: EditContext,
  novelId: string,
  versionId: string,
  { speakNew }: TakeOptions,
): Promise<CommittedEdit['edit']> {
  const { db, deletions, dispatcher } = context
  return withLock(context.lock, `novel:${novelId}`, async () => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const novel = await requireNovel({ db }, novelId)
      const version = await offeredVersion(db, novelId, versionId)
      if (!version) throw new Failure('version.unknown')
      try {
        const { added, ...edit } = await stageVersion(context, novel, version)
        const committed = await commitEdit(db, novelId, edit, async (commit, generationIds) => {
          if (speakNew !== undefined) await setSpeakNew(commit, novelId, speakNew)
          if (speakNew ?? novel.speakNew === 1) await noteToSpeak(commit, novelId, added)
          await dispatcher.plan(generationIds, commit)
        })
        if (committed) {
          await takeCover(context, novel, version)
          await publishEdit(context, novelId, committed)
          return committed.edit
        }
        if (edit.shadowId !== undefined) await hideNovel(db, edit.shadowId)
      } finally {
        deletions.work()
      }
    }
    throw new Error(`the chapters of novel ${novelId} changed each time that a version was taken over`)
  })
}

/** Writes down the texts of chapters that are neither the novel's nor the version's as they stand. `added`: ids of new chapters. */
async function stageVersion(
  context: EditContext,
  novel: NovelRow,
  version: NovelRow,
): Promise<NewEdit & { readonly added: readonly number[] }> {
  const { db } = context
  const comparison = await compareVersion(context, novel, version, { preview: false })
  const { old, chapters } = comparison
  const names = await namesByHand(db, novel.id)
  await using staging = await ChapterStaging.begin(db, novel.id)
  await staging.add(chapters.flatMap(({ unit }) => unit?.text ?? []))
  const { shadowId, chapterIds } = staging.finish()
  const staged = chapterIds.values()
  const after = chapters.map((chapter): EditedChapter => {
    const { old: known, unit, fresh } = chapter
    const id = unit ? (unit.text ? staged.next().value! : fresh.id) : known!.id
    return { id, ...chapterAsItWillBe(chapter, names) }
  })
  const before = old.map(asEdited)
  const [first, last] = changedWindow(before, after)
  const placeBefore = new Map(before.map(({ id }, at) => [id, at - first]))
  const placeAfter = new Map<ComparedUnit, number>()
  for (const [at, { unit }] of chapters.entries()) if (unit) placeAfter.set(unit, at - first)
  return {
    kind,
    at: first + 1,
    before: before.slice(first, before.length - last),
    after: after.slice(first, after.length - last),
    runs: runsOf(comparison, placeBefore, placeAfter),
    shadowId,
    sources: {
      before: sourceOf(novel),
      after: {
        source: version.id,
        sourceName: version.sourceName,
        metadata: version.metadata,
        report: version.report,
      },
    },
    added: chapters.flatMap(({ old: known }, at) => (known || !after[at]!.narrated ? [] : [after[at]!.id])),
  }
}

/** How many chapters at the begin, and at the end, stay altogether as they are. */
function changedWindow(
  before: readonly EditedChapter[],
  after: readonly EditedChapter[],
): readonly [first: number, last: number] {
  const most = Math.min(before.length, after.length)
  let first = 0
  while (first < most && isSame(before[first]!, after[first]!)) first++
  let last = 0
  while (last < most - first && isSame(before.at(-1 - last)!, after.at(-1 - last)!)) last++
  return [first, last]
}

function isSame(one: EditedChapter, other: EditedChapter): boolean {
  return (
    one.id === other.id &&
    one.title === other.title &&
    one.part === other.part &&
    one.narrated === other.narrated
  )
}

/** A novel without a cover has that of the version. A crash before leaves it without. */
async function takeCover(
  { db, objects }: EditContext,
  novel: NovelRow,
  { id, coverType }: NovelRow,
): Promise<void> {
  if (novel.coverType !== null || coverType === null) return
  const bytes = await readCover(objects, id)
  if (!bytes) return
  await objects.put(coverKey(novel.id), bytes)
  await setCoverType(db, novel.id, coverType)
}
