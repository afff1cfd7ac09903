import type { RenditionCounts } from '../../jobs/generations/generation-progress.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { type ChapterSize, chapterSizesOf } from '../../storage/queries/chapter-queries.ts'
import { importReportOf } from '../../storage/queries/import-report.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { listenedNovels } from '../../storage/queries/shelf-queries.ts'
import type { Novel } from '../contract/novel-contract.ts'
import type { RibbonPart } from '../contract/shelf-contract.ts'
import { novelWithCounts, type ShownNovel } from './novel-counts.ts'
import type { NovelViewParts } from './novel-view.ts'
import type { Viewer } from './viewer.ts'

/** Chapters whose figures are read at once: some 5 ms of the event loop on SQLite. */
const chaptersAtOnce = 5000
/** A ribbon of a list has room for no more. */
const mostRibbonParts = 60

/** Novels in a list: without their chapters, of which there may be thousands. */
export async function viewShelf(
  application: Pick<NovelViewParts, 'counts' | 'db' | 'voices'>,
  rows: readonly NovelRow[],
  { listener, base }: Viewer,
): Promise<Novel[]> {
  const novels: Novel[] = []
  const reported = rows.map((row) => ({ row, report: importReportOf(row) }))
  for (const group of groupedByChapters(reported)) {
    const ids = group.map(({ row }) => row.id)
    const sizes = await chapterSizesOf(application.db, ids)
    const listened = await listenedNovels(application.db, listener, ids)
    for (const [at, each] of group.entries()) {
      const chapters = sizes[at]!
      const figures = { ...listened[at]!, base }
      const { novel, chapterCounts } = await novelWithCounts(application, { ...each, chapters }, figures)
      const isPartly = (part: number): boolean => part > 0 && part < novel.segmentsTotal
      const ribbon =
        isPartly(novel.segmentsDone) || isPartly(novel.segmentsHeard)
          ? ribbonOf(chapters, chapterCounts, figures.heard)
          : undefined
      novels.push({ ...novel, ...(ribbon && { ribbon }) })
      await yieldToEventLoop()
    }
  }
  return novels
}

type ReportedNovel = Pick<ShownNovel, 'row' | 'report'>

/** By the reports of their imports, since edits seldom make many more of them. */
function* groupedByChapters(novels: readonly ReportedNovel[]): Generator<ReportedNovel[]> {
  let [group, total] = [[] as ReportedNovel[], 0]
  for (const novel of novels) {
    const { chapters } = novel.report
    if (group.length > 0 && total + chapters > chaptersAtOnce) {
      yield group
      ;[group, total] = [[], 0]
    }
    group.push(novel)
    total += chapters
  }
  if (group.length > 0) yield group
}

/** The narrated chapters in reading order, neighbours together where there are more than a ribbon has room for. */
function ribbonOf(
  chapters: readonly ChapterSize[],
  counts: readonly RenditionCounts[],
  heard: ReadonlyMap<number, number>,
): RibbonPart[] {
  const narrated = chapters.flatMap((chapter, at) =>
    chapter.narrated === 1 ? [{ chapter, counts: counts[at]! }] : [],
  )
  const parts = Math.min(mostRibbonParts, narrated.length)
  return Array.from({ length: parts }, (_, part) => {
    const members = narrated.slice(
      Math.floor((part * narrated.length) / parts),
      Math.floor(((part + 1) * narrated.length) / parts),
    )
    const sum = (of: (member: (typeof members)[number]) => number): number =>
      members.reduce((all, member) => all + of(member), 0)
    return {
      chapterNumber: members[0]!.chapter.number,
      chapters: members.length,
      complete: members.filter(({ counts: { done, total } }) => total > 0 && done === total).length,
      segments: sum(({ counts: { total } }) => total),
      done: sum(({ counts: { done } }) => done),
      setAside: sum(({ counts: { setAside } }) => setAside),
      heard: sum(({ chapter }) => heard.get(chapter.number) ?? 0),
    }
  })
}
