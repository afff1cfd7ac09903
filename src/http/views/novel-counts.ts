import type { Application } from '../../jobs/application.ts'
import {
  type RenditionCounts,
  renditionCounts,
  sumRenditionCounts,
} from '../../jobs/generations/generation-progress.ts'
import { zeroCounts } from '../../jobs/generations/clip-counts.ts'
import { castingFor } from '../../jobs/voices/generation-recipes.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { isFinished } from '../../novel/heard.ts'
import type { ImportReport } from '../../novel/novel.ts'
import { type MeasuredChapter, timeLeft } from '../../playback/time-left.ts'
import type { ChapterSize } from '../../storage/queries/chapter-queries.ts'
import { chaptersAskedFor } from '../../storage/queries/generation-chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { ListenedNovel } from '../../storage/queries/shelf-queries.ts'
import { novelSettings } from '../contract/listener-contract.ts'
import type { Novel } from '../contract/novel-contract.ts'
import { knownSettings } from './settings-view.ts'

export interface ShownNovel {
  readonly row: NovelRow
  readonly report: ImportReport
  readonly chapters: readonly ChapterSize[]
  /** Whether it is asked of all chapters if they were requested, or of those alone whose counts depend on it. */
  readonly withRequested?: boolean
}

/** A novel without its chapters, and what its chapters are shown from. */
export async function novelWithCounts(
  application: Pick<Application, 'counts' | 'db' | 'voices'>,
  { row, report, chapters: rows, withRequested = false }: ShownNovel,
  { base, position, heard, settings }: ListenedNovel & { readonly base: string },
) {
  const { db, counts, voices } = application
  const voice = voices.ofNovel(row)
  const casting = voice && (await castingFor(application, row)).casting
  const exact = casting ? await renditionCounts(counts, casting, rows) : rows.map(noneDone)
  const requested = casting
    ? await chaptersAskedFor(db, {
        novelId: row.id,
        castingId: casting.id,
        ...(!withRequested && { chapterIds: begunChapters(rows, exact) }),
      })
    : new Set<number>()
  const chapterCounts = rows.map((chapter, at) => countsIfRequested(chapter, exact[at], requested))
  const { total, done, frames } = sumRenditionCounts(
    chapterCounts.filter((_, at) => rows[at]?.narrated === 1),
  )
  const { rate } = knownSettings(novelSettings, settings).player ?? {}
  const left = timeLeft(
    rows.map((chapter, at) => measured(chapter, chapterCounts[at], heard)),
    position,
    row,
  )
  const narrated = rows.filter((chapter) => chapter.narrated === 1 && chapter.segmentCount > 0)
  const novel: Novel = {
    id: row.id,
    title: row.title,
    author: row.author,
    language: row.language,
    voice: voice?.id ?? null,
    speed: row.speed,
    cover: row.coverType === null ? null : `${base}/api/novels/${row.id}/cover`,
    chapterCount: rows.length,
    chaptersNarrated: rows.filter((chapter) => chapter.narrated === 1).length,
    segmentsDone: done,
    segmentsTotal: total,
    segmentsHeard: narrated.reduce((sum, { number }) => sum + (heard.get(number) ?? 0), 0),
    ...(narrated.length > 0 &&
      narrated.every(({ number, segmentCount }) => isFinished(heard.get(number) ?? 0, segmentCount)) && {
        finished: true,
      }),
    seconds: framesToSeconds(frames),
    ...(position && { position }),
    ...(left && { left }),
    ...(rate !== undefined && { rate }),
    ...(row.keeper !== null && { kept: true }),
    createdAt: row.createdAt,
    report: report as Novel['report'],
  }
  return { novel, casting, chapterCounts, requested }
}

function measured(
  { number, narrated, characters, segmentCount }: ChapterSize,
  counts: RenditionCounts | undefined,
  heard: ReadonlyMap<number, number>,
): MeasuredChapter {
  const isSpoken = counts !== undefined && counts.total > 0 && counts.done === counts.total
  return {
    number,
    narrated: narrated === 1,
    characters,
    segmentCount,
    segmentsHeard: heard.get(number) ?? 0,
    seconds: isSpoken ? framesToSeconds(counts.frames) : undefined,
  }
}

/** Ids of those that are neither complete nor without any clip or failure: `countsIfRequested` tells only these apart. */
function begunChapters(chapters: readonly ChapterSize[], counts: readonly RenditionCounts[]): number[] {
  return chapters.flatMap(({ id }, at) => {
    const { done, setAside, total } = counts[at]!
    return done < total && done + setAside > 0 ? [id] : []
  })
}

/**
 * Zero progress for a chapter that was never requested, unless it is complete: single clips of it may exist because other
 * chapters share a sentence (“Chapter I”, “No.”).
 */
export function countsIfRequested(
  chapter: ChapterSize,
  counts: RenditionCounts | undefined,
  requested: ReadonlySet<number>,
): RenditionCounts {
  const started = counts !== undefined && (requested.has(chapter.id) || counts.done === counts.total)
  return started ? counts : noneDone(chapter)
}

export function noneDone({ segmentCount }: Pick<ChapterSize, 'segmentCount'>): RenditionCounts {
  return { ...zeroCounts, total: segmentCount }
}
