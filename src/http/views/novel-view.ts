import type { Application } from '../../jobs/application.ts'
import { mayKeep } from '../../jobs/import/keep-novel.ts'
import type { RenditionCounts } from '../../jobs/generations/generation-progress.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { isFinished } from '../../novel/heard.ts'
import type { Casting } from '../../novel/casting.ts'
import { statusOf } from '../../novel/generation.ts'
import { stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import { type HeardRanges, sourceRange } from '../../novel/segment.ts'
import { chapterTimeline, estimatedRoles } from '../../playback/chapter-timeline.ts'
import { pickRendition, type Rendition, type RenditionOptions } from '../../playback/renditions.ts'
import {
  type ChapterRow,
  chaptersOf,
  chapterText,
  segmentsOf,
} from '../../storage/queries/chapter-queries.ts'
import { castStateOf, isLapsed } from '../../storage/queries/cast-queries.ts'
import { clipWordTimes } from '../../storage/queries/clip-queries.ts'
import { chaptersAskedFor } from '../../storage/queries/generation-chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { offeredVersions } from '../../storage/queries/novel-version-queries.ts'
import { importReportOf } from '../../storage/queries/import-report.ts'
import { heardOf } from '../../storage/queries/playback-queries.ts'
import { listenedNovels } from '../../storage/queries/shelf-queries.ts'
import type {
  Chapter,
  ChapterListed,
  Novel,
  SegmentView,
  SpokenWordsView,
} from '../contract/novel-contract.ts'
import type { HeardRange } from '../contract/heard-contract.ts'
import { viewText } from './chapter-text-view.ts'
import { countsIfRequested, noneDone, novelWithCounts } from './novel-counts.ts'
import { titleNumbers } from './title-numbers.ts'
import type { Viewer } from './viewer.ts'

/** What novels and their chapters are shown from. */
export type NovelViewParts = Pick<
  Application,
  'activeGenerations' | 'counts' | 'db' | 'dispatcher' | 'voices'
>

export async function viewNovel(
  application: NovelViewParts,
  row: NovelRow,
  viewer: Viewer,
): Promise<{ novel: Novel; chapters: ChapterListed[] }> {
  const rows = await chaptersOf(application.db, row.id)
  const [listened] = await listenedNovels(application.db, viewer.listener, [row.id])
  const { heard } = listened!
  const shown = { row, report: importReportOf(row), chapters: rows, withRequested: true }
  const { novel, casting, chapterCounts, requested } = await novelWithCounts(application, shown, {
    ...listened!,
    base: viewer.base,
  })
  const ownNumbers = await titleNumbers(rows.map(({ title }) => title))
  const { applied } = await castStateOf(application.db, row.id)
  const offered = await offeredVersions(application.db, row.id)
  return {
    novel: {
      ...novel,
      ...(isLapsed(applied) && { castLapsed: true }),
      ...(row.speakNew === 1 && { speakNew: true }),
      ...(offered.length > 0 && { offered: true }),
      ...(viewer.keeper && mayKeep(row, viewer.keeper) && { mayKeep: true }),
    },
    chapters: rows.map((chapter, at) =>
      viewListedChapter(application, chapter, {
        ownNumber: ownNumbers[at],
        counts: chapterCounts[at] ?? noneDone(chapter),
        casting,
        requested: requested.has(chapter.id),
        heard: heard.get(chapter.number) ?? 0,
      }),
    ),
  }
}

interface ChapterFigures {
  /** The chapter number in its title; known only in a list of all chapters. */
  readonly ownNumber?: number | undefined
  readonly counts: RenditionCounts
  readonly casting: Casting | undefined
  /** Whether it was ever requested in this casting. */
  readonly requested: boolean
  /** Number of its segments that were heard. */
  readonly heard: number
}

function viewListedChapter(
  application: Pick<Application, 'activeGenerations' | 'dispatcher'>,
  chapter: ChapterRow,
  { ownNumber, counts, casting, requested, heard }: ChapterFigures,
): ChapterListed {
  const status = chapterStatus(application, chapter, counts, casting)
  const complete = counts.total > 0 && counts.done === counts.total
  return {
    number: chapter.number,
    ...(ownNumber !== undefined && { ownNumber }),
    title: chapter.title,
    ...(chapter.part !== null && { part: chapter.part }),
    matter: chapter.matter,
    characters: chapter.characters,
    narrated: chapter.narrated === 1,
    status: status === 'none' && requested ? 'cancelled' : status,
    segmentsDone: counts.done,
    segmentsTotal: counts.total,
    segmentsHeard: heard,
    ...(isFinished(heard, chapter.segmentCount) && { finished: true }),
    ...(complete && { seconds: framesToSeconds(counts.frames) }),
  }
}

/** The status over all active generations of the chapter: running before paused. */
export function chapterStatus(
  { activeGenerations, dispatcher }: Pick<Application, 'activeGenerations' | 'dispatcher'>,
  chapter: ChapterRow,
  counts: RenditionCounts,
  casting: Casting | undefined,
): ChapterListed['status'] {
  if (counts.total > 0 && counts.done === counts.total) return 'completed'
  if (casting === undefined) return 'none'
  const active = activeGenerations.waitingFor(casting.id, chapter.id)
  const started = counts.done > 0 || dispatcher.isInFlight(casting, chapter.id)
  if (active.some(({ generation }) => generation.desiredState === 'run'))
    return statusOf('run', started, counts)
  if (active.length > 0) return statusOf('paused', started, counts)
  return counts.setAside > 0 && counts.done + counts.setAside === counts.total ? 'failed' : 'none'
}

export async function viewChapter(
  application: NovelViewParts,
  novel: NovelRow,
  row: ChapterRow,
  { listener, ...options }: RenditionOptions & Pick<Viewer, 'listener'>,
  withWords = true,
): Promise<Chapter> {
  const { db, voices } = application
  const hasVoice = options.voice !== undefined || voices.ofNovel(novel) !== undefined
  const rendition = hasVoice ? await pickRendition(application, novel, row, options) : undefined
  const { blocks, skips } = await chapterText(db, row.id)
  const casting = rendition?.casting
  const requested = casting
    ? await chaptersAskedFor(db, { novelId: novel.id, castingId: casting.id, chapterIds: [row.id] })
    : new Set<number>()
  const heard = (await heardOf(db, listener, novel.id)).find(
    ({ chapterNumber }) => chapterNumber === row.number,
  )
  return {
    ...viewListedChapter(application, row, {
      counts: countsIfRequested(row, rendition?.counts, requested),
      casting,
      requested: requested.has(row.id),
      heard: heard?.segments ?? 0,
    }),
    voice: rendition?.voice ?? null,
    speed: rendition?.speed ?? novel.speed,
    ...viewText(blocks, skips),
    segments: await viewSegments(application, row, rendition, withWords),
    heard: viewRanges(heard?.ranges ?? []),
  }
}

async function viewSegments(
  application: Pick<Application, 'db'>,
  row: ChapterRow,
  rendition: Rendition | undefined,
  withWords: boolean,
): Promise<SegmentView[]> {
  const segments = await segmentsOf(application.db, row.id)
  const timeline = rendition && (await chapterTimeline(application, rendition))
  const wordTimes =
    rendition && withWords ? await clipWordTimes(application.db, row.id, rendition.casting) : undefined
  return segments.map((segment, index) => {
    const { block, start, end, spoken } = segment
    const entry = timeline?.segments[index]
    const from = entry?.from
    const words = wordTimes?.get(index)
    return {
      index,
      block,
      start,
      end,
      spoken: stripAnnotations(spoken),
      ready: entry?.ready ?? false,
      ...(from !== undefined && { from }),
      ...(entry?.seconds !== undefined && { seconds: entry.seconds }),
      ...(entry?.wordTimes && { wordTimes: entry.wordTimes }),
      ...(from !== undefined &&
        words !== undefined && {
          words: words.map((word) => ({
            ...sourceRange(segment, word.start, word.end),
            from: from + word.from,
            to: from + word.to,
          })),
        }),
    }
  })
}

/** The word times of the spoken ones among `count` segments from `first` on, in seconds of their segment. */
export async function viewSpokenWords(
  { db }: Pick<Application, 'db'>,
  { chapter, casting }: Rendition,
  first: number,
  count: number,
): Promise<SpokenWordsView[]> {
  const wordTimes = await clipWordTimes(db, chapter.id, casting, [first, first + count])
  if (wordTimes.size === 0) return []
  const segments = await segmentsOf(db, chapter.id)
  const isEstimated = await estimatedRoles(db, casting)
  return [...wordTimes].flatMap(([index, words]) => {
    const segment = segments[index]
    if (!segment) return []
    return [
      {
        index,
        ...(isEstimated(segment.role) && { wordTimes: 'estimated' as const }),
        words: words.map((word) => ({ ...word, ...sourceRange(segment, word.start, word.end) })),
      },
    ]
  })
}

export function viewRanges(ranges: HeardRanges): HeardRange[] {
  return ranges.map(([from, to]) => ({ from, to }))
}
