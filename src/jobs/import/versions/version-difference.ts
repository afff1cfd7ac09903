import type { NovelRow } from '../../../storage/queries/novel-queries.ts'
import { clipsAmong } from '../../../storage/queries/clip-queries.ts'
import { namesByHand } from '../../../storage/queries/edit-history-queries.ts'
import { renditionCounts } from '../../generations/generation-progress.ts'
import { castingFor } from '../../voices/generation-recipes.ts'
import { type PreviewContext, secondsToRemake } from '../edit-preview.ts'
import { compareVersion, type ComparedChapterRow } from './version-comparison.ts'
import { chapterAsItWillBe, type NamesByHand } from './version-chapters.ts'
import type { SentenceChange } from './version-messages.ts'

/** A chapter of a difference. */
interface ChapterDifference {
  /** `same`: only its title or number is another. */
  readonly kind: 'added' | 'changed' | 'same' | 'gone'
  /** As it will be; of one that is gone as it was. */
  readonly title: string
  readonly titleBefore?: string
  /** As it will be. */
  readonly number?: number
  readonly numberBefore?: number
  readonly characters: number
  readonly narrated: boolean
  readonly sentences: number
  /** Sentences that it did not have. */
  readonly newSentences: number
  readonly changes: readonly SentenceChange[]
  readonly moreChanges: number
}

/** Sentences to be spoken, and how long that takes; 0 if nothing tells how long. */
interface ToSpeak {
  readonly segments: number
  readonly seconds: number
}

/** What another version of a novel would make of it. */
export interface VersionDifference {
  readonly chaptersNow: number
  readonly chaptersThen: number
  readonly unchanged: number
  /** Chapters that are added, changed, renamed, moved among each other, or gone. */
  readonly chapters: readonly ChapterDifference[]
  /** Sentences of the narrated chapters as they will be, and how many of them are spoken already. */
  readonly sentences: number
  readonly kept: number
  /** In chapters that are spoken: spoken anew by themselves. */
  readonly anew: ToSpeak
  /** In new chapters: spoken if that is wished. */
  readonly added: ToSpeak
}

/** How a version differs from its novel; nothing is changed. Throws what `compareVersion` throws. */
export async function versionDifference(
  context: PreviewContext,
  novel: NovelRow,
  version: NovelRow,
  signal?: AbortSignal,
): Promise<VersionDifference> {
  const comparison = await compareVersion(context, novel, version, { preview: true, signal })
  const names = await namesByHand(context.db, novel.id)
  const { old, chapters, gone } = comparison
  const moved = movedAmong(chapters)
  const shown = chapters.map((chapter, at) => differenceOf(chapter, at + 1, names))
  const differing = shown.filter(
    ({ kind, title, titleBefore = title }, at) =>
      kind !== 'same' || title !== titleBefore || moved.has(chapters[at]!),
  )
  return {
    chaptersNow: old.length,
    chaptersThen: chapters.length,
    unchanged: shown.length - differing.length,
    chapters: [
      ...differing,
      ...gone.map(({ title, number, characters, narrated, segmentCount }): ChapterDifference => ({
        kind: 'gone',
        title,
        numberBefore: number,
        characters,
        narrated: narrated === 1,
        sentences: segmentCount,
        newSentences: 0,
        changes: [],
        moreChanges: 0,
      })),
    ],
    ...(await audioOf(
      context,
      novel,
      chapters.filter((_, at) => shown[at]!.narrated),
    )),
  }
}

/** Chapters that do not stand behind all those that stood before them. */
function movedAmong(chapters: readonly ComparedChapterRow[]): ReadonlySet<ComparedChapterRow> {
  const moved = new Set<ComparedChapterRow>()
  let last = 0
  for (const chapter of chapters) {
    if (!chapter.old) continue
    if (chapter.old.number < last) moved.add(chapter)
    last = Math.max(last, chapter.old.number)
  }
  return moved
}

function differenceOf(chapter: ComparedChapterRow, number: number, names: NamesByHand): ChapterDifference {
  const { old, unit, fresh } = chapter
  const { title, narrated } = chapterAsItWillBe(chapter, names)
  const changes = unit?.changes ?? []
  return {
    kind: old === undefined ? 'added' : changes.length > 0 ? 'changed' : 'same',
    title,
    ...(old && old.title !== title && { titleBefore: old.title }),
    number,
    ...(old && { numberBefore: old.number }),
    characters: unit?.text?.characters ?? fresh.characters,
    narrated,
    sentences: unit?.sentences ?? old?.segmentCount ?? 0,
    newSentences: unit?.newSentences ?? 0,
    changes,
    moreChanges: unit?.moreChanges ?? 0,
  }
}

type Audio = Pick<VersionDifference, 'sentences' | 'kept' | 'anew' | 'added'>

/** `narrated`: the chapters that will be. */
async function audioOf(
  context: PreviewContext,
  novel: NovelRow,
  narrated: readonly ComparedChapterRow[],
): Promise<Audio> {
  const { counts, db, voices } = context
  const total = narrated.map(({ unit, old }) => unit?.sentences ?? old?.segmentCount ?? 0)
  const sentences = total.reduce((sum, each) => sum + each, 0)
  const none = { segments: 0, seconds: 0 }
  if (!voices.ofNovel(novel)) return { sentences, kept: 0, anew: none, added: none }
  const { casting } = await castingFor({ db, voices }, novel)
  const olds = narrated.flatMap(({ old }) => old ?? [])
  const countsOfOld = await renditionCounts(counts, casting, olds)
  const doneOfOld = new Map(olds.map(({ id }, at) => [id, countsOfOld[at]!.done]))
  const rows = narrated.flatMap(({ unit, fresh }) => (unit?.row === undefined ? [] : [fresh]))
  const countsOfRows = await renditionCounts(counts, casting, rows)
  const doneOfRow = new Map(rows.map(({ id }, at) => [id, countsOfRows[at]!.done]))
  let [kept, anew, added] = [0, 0, 0]
  for (const [at, { unit, old, fresh }] of narrated.entries()) {
    const wasDone = old ? doneOfOld.get(old.id)! : 0
    let done = wasDone
    if (unit?.row !== undefined) done = doneOfRow.get(fresh.id)!
    else if (unit?.text) {
      const spoken = new Set(await clipsAmong(db, fresh.id, casting))
      if (old) for (const hash of await clipsAmong(db, old.id, casting)) spoken.add(hash)
      done = unit.text.textHashes.filter((hash) => spoken.has(hash)).length
    }
    kept += done
    if (!old) added += total[at]! - done
    // One of which nothing was spoken is not spoken by itself.
    else if (unit && wasDone > 0) anew += total[at]! - done
  }
  const spoken = countsOfOld.filter(({ done }) => done > 0)
  const toSpeak = async (segments: number): Promise<ToSpeak> => ({
    segments,
    seconds: await secondsToRemake(context, novel, segments, spoken),
  })
  return { sentences, kept, anew: await toSpeak(anew), added: await toSpeak(added) }
}
