import {
  type ChapterRow,
  type ChapterSize,
  chapterSizes,
  chaptersOf,
  chapterText,
  segmentsOf,
} from '../../storage/queries/chapter-queries.ts'
import { clipWordTimes } from '../../storage/queries/clip-queries.ts'
import { chaptersAskedFor } from '../../storage/queries/generation-queries.ts'
import { heardCounts, heardOf, positionOf } from '../../storage/queries/playback-queries.ts'
import { importReportOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../../jobs/application.ts'
import { recipeOf } from '../../jobs/voices/generation-recipes.ts'
import {
  type RenditionCounts,
  sumRenditionCounts,
  renditionCounts,
} from '../../jobs/generations/generation-progress.ts'
import { zeroCounts } from '../../jobs/generations/progress-counts.ts'
import { chapterNumbers } from '../../importer/headings/chapter-numbers.ts'
import { pickRendition, type Rendition, type RenditionOptions } from '../../playback/renditions.ts'
import { chapterTimeline } from '../../playback/chapter-timeline.ts'
import { framesToSeconds, recipeHash } from '../../novel/clip.ts'
import { statusOf } from '../../novel/generation.ts'
import { type HeardRanges, sourceRange } from '../../novel/segment.ts'
import { stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import type { Chapter, ChapterListed, Novel, SegmentView } from '../contract/api-contract.ts'
import type { HeardRange } from '../contract/heard-contract.ts'

/** The one listener until there are accounts. */
export const defaultListener = 'home'

/** `base`: the path below which a proxy shows this server. */
export async function viewNovel(
  application: Application,
  row: NovelRow,
  base: string,
): Promise<{ novel: Novel; chapters: ChapterListed[] }> {
  const rows = await chaptersOf(application.db, row.id)
  const { novel, recipe, tallies, asked, heard } = await novelWithCounts(application, row, base, rows)
  const own = chapterNumbers(rows.map(({ title }) => title))
  return {
    novel,
    chapters: rows.map((chapter, at) =>
      listed(application, chapter, {
        own: own[at],
        tally: tallies[at] ?? noneDone(chapter),
        recipe,
        asked: asked.has(chapter.id),
        heard: heard.get(chapter.number) ?? 0,
      }),
    ),
  }
}

/** A novel as it stands on the shelf: the same without its chapters, of which there may be thousands. */
export async function viewNovelSummary(
  application: Application,
  row: NovelRow,
  base: string,
): Promise<Novel> {
  const { novel } = await novelWithCounts(application, row, base, await chapterSizes(application.db, row.id))
  return novel
}

async function novelWithCounts(
  application: Application,
  row: NovelRow,
  base: string,
  rows: readonly ChapterSize[],
) {
  const { db, counts, voices } = application
  const voice = voices.ofNovel(row)
  const recipe = voice && recipeHash(await recipeOf(application, row))
  const exact = recipe ? await renditionCounts(counts, recipe, rows) : rows.map(noneDone)
  const asked = recipe ? await chaptersAskedFor(db, { novelId: row.id, recipe }) : new Set<number>()
  const tallies = rows.map((chapter, at) => countsIfRequested(chapter, exact[at], asked))
  const { total, done, frames } = sumRenditionCounts(tallies.filter((_, at) => rows[at]?.narrated === 1))
  const position = await positionOf(db, row.id)
  const heard = await heardCounts(db, defaultListener, row.id)
  const narrated = rows.filter((chapter) => chapter.narrated === 1)
  const novel: Novel = {
    id: row.id,
    title: row.title,
    author: row.author,
    language: row.language,
    voice: voice?.id ?? null,
    speed: row.speed,
    cover: row.coverType === null ? null : `${base}/api/novels/${row.id}/cover`,
    chapterCount: rows.length,
    chaptersNarrated: narrated.length,
    segmentsDone: done,
    segmentsTotal: total,
    segmentsHeard: narrated.reduce((sum, { number }) => sum + (heard.get(number) ?? 0), 0),
    seconds: framesToSeconds(frames),
    ...(position && { position }),
    createdAt: row.createdAt,
    report: importReportOf(row) as Novel['report'],
  }
  return { novel, recipe, tallies, asked, heard }
}

/**
 * A chapter that nobody ever asked for is not begun, though single sentences of it may exist: other chapters say the
 * same “Chapter I”, or “No.”.
 */
function countsIfRequested(
  chapter: ChapterSize,
  tally: RenditionCounts | undefined,
  asked: ReadonlySet<number>,
): RenditionCounts {
  const begun = tally !== undefined && (asked.has(chapter.id) || tally.done === tally.total)
  return begun ? tally : noneDone(chapter)
}

function noneDone({ segmentCount }: Pick<ChapterRow, 'segmentCount'>): RenditionCounts {
  return { ...zeroCounts, total: segmentCount }
}

interface ChapterFigures {
  /** The number that its title says; known where its neighbours are. */
  readonly own?: number | undefined
  readonly tally: RenditionCounts
  readonly recipe: string | undefined
  /** Whether it was ever asked for in this recipe. */
  readonly asked: boolean
  /** How many of its segments were heard. */
  readonly heard: number
}

function listed(
  application: Application,
  chapter: ChapterRow,
  { own, tally, recipe, asked, heard }: ChapterFigures,
): ChapterListed {
  const status = chapterStatus(application, chapter, tally, recipe)
  const complete = tally.total > 0 && tally.done === tally.total
  return {
    number: chapter.number,
    ...(own !== undefined && { ownNumber: own }),
    title: chapter.title,
    ...(chapter.part !== null && { part: chapter.part }),
    matter: chapter.matter,
    characters: chapter.characters,
    narrated: chapter.narrated === 1,
    status: status === 'none' && asked ? 'cancelled' : status,
    segmentsDone: tally.done,
    segmentsTotal: tally.total,
    segmentsHeard: heard,
    ...(complete && { seconds: framesToSeconds(tally.frames) }),
  }
}

/** Whoever asked for it: the liveliest of the generations that it is part of. */
export function chapterStatus(
  { activeGenerations, dispatcher }: Application,
  chapter: ChapterRow,
  tally: RenditionCounts,
  recipe: string | undefined,
): ChapterListed['status'] {
  if (tally.total > 0 && tally.done === tally.total) return 'completed'
  if (recipe === undefined) return 'none'
  const asked = activeGenerations.waitingFor(recipe, new Set([chapter.id]))
  const started = tally.done > 0 || dispatcher.isInFlight(recipe, chapter.id)
  if (asked.some(({ generation }) => generation.wish === 'run')) return statusOf('run', started, tally)
  if (asked.length > 0) return statusOf('paused', started, tally)
  return tally.setAside > 0 && tally.done + tally.setAside === tally.total ? 'failed' : 'none'
}

export async function viewChapter(
  application: Application,
  novel: NovelRow,
  row: ChapterRow,
  sound: RenditionOptions,
): Promise<Chapter> {
  const { db, voices } = application
  const speaks = sound.voice !== undefined || voices.ofNovel(novel) !== undefined
  const rendition = speaks ? await pickRendition(application, novel, row, sound) : undefined
  const { blocks, skips } = await chapterText(db, row.id)
  const recipe = rendition?.recipe
  const asked = recipe
    ? await chaptersAskedFor(db, { novelId: novel.id, recipe, chapterId: row.id })
    : new Set<number>()
  const heard = (await heardOf(db, defaultListener, novel.id)).find(
    ({ chapterNumber }) => chapterNumber === row.number,
  )
  return {
    ...listed(application, row, {
      tally: countsIfRequested(row, rendition?.counts, asked),
      recipe,
      asked: asked.has(row.id),
      heard: heard?.segments ?? 0,
    }),
    voice: rendition?.voice ?? null,
    speed: rendition?.speed ?? novel.speed,
    blocks: blocks.map(({ kind, text, readings }, index) => ({
      index,
      kind,
      text,
      ...(readings && { readings: [...readings] }),
    })),
    skips: [...skips],
    segments: await viewSegments(application, row, rendition),
    heard: viewRanges(heard?.ranges ?? []),
  }
}

async function viewSegments(
  application: Application,
  row: ChapterRow,
  rendition: Rendition | undefined,
): Promise<SegmentView[]> {
  const segments = await segmentsOf(application.db, row.id)
  const timeline = rendition && (await chapterTimeline(application, rendition))
  const wordTimes = rendition && (await clipWordTimes(application.db, row.id, rendition.recipe))
  return segments.map((segment, index) => {
    const { block, start, end, spoken } = segment
    const heard = timeline?.segments[index]
    const from = heard?.from
    const words = wordTimes?.get(index)
    return {
      index,
      block,
      start,
      end,
      spoken: stripAnnotations(spoken),
      ready: heard?.ready ?? false,
      ...(from !== undefined && { from }),
      ...(heard?.seconds !== undefined && { seconds: heard.seconds }),
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

export function viewRanges(ranges: HeardRanges): HeardRange[] {
  return ranges.map(([from, to]) => ({ from, to }))
}
