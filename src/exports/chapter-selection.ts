import { chaptersOf } from '../storage/queries/chapter-queries.ts'
import { importReportOf, type NovelRow } from '../storage/queries/novel-queries.ts'
import type { Application } from '../jobs/application.ts'
import { sumRenditionCounts } from '../jobs/generations/generation-progress.ts'
import { formatChapters } from '../novel/chapter-range.ts'
import { Failure } from '../novel/failure.ts'
import { isComplete, pickRenditions, type Rendition, type RenditionOptions } from '../playback/renditions.ts'

/** Which of a novel shall be taken along; left out: all of it. */
export interface ChapterFilter {
  /** From 1: of so many parts of about the same length, at the ends of chapters. */
  readonly part?: number | undefined
  readonly of?: number | undefined
  /** What the book's own parts are called, or how that begins: "Book Two". */
  readonly bookPart?: string | undefined
  /** Just these, and all of them. */
  readonly chapters?: readonly number[] | undefined
}

/** A novel's narrated chapters, in reading order. */
export interface ChapterSelection {
  /** All of them, and those that are asked for by their numbers. */
  readonly all: readonly Rendition[]
  /** Those of the part that are whole. */
  readonly ready: readonly Rendition[]
  /** Which of several files these make. */
  readonly part?: { readonly number: number; readonly of: number }
  /** The book's own part, as it was asked for. */
  readonly bookPart?: string
}

/** Throws `export.no-part`, `chapter.unknown`, `export.chapter-unready`, `voice.unknown`, `voice.none`. */
export async function selectExportChapters(
  application: Application,
  novel: NovelRow,
  sound: RenditionOptions,
  filter: ChapterFilter = {},
): Promise<ChapterSelection> {
  const { part, of, bookPart } = filter
  const numbers = filter.chapters && new Set(filter.chapters)
  const rows = (await chaptersOf(application.db, novel.id)).filter(
    ({ narrated, number, segmentCount }) => (narrated === 1 && segmentCount > 0) || numbers?.has(number),
  )
  const known = new Set(rows.map(({ number }) => number))
  for (const chapterNumber of numbers ?? []) {
    if (known.has(chapterNumber)) continue
    const { chapters } = importReportOf(novel)
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters })
  }
  const all = await pickRenditions(application, novel, rows, sound)
  const inPart = bookPart === undefined ? all : chaptersOfPart(all, bookPart)
  const listed = numbers === undefined ? inPart : readyChaptersByNumber(inPart, numbers)
  const chosen = part === undefined || of === undefined ? listed : chaptersOfShare(listed, part, of)
  return {
    all,
    ready: chosen.filter(isComplete),
    ...(part !== undefined && of !== undefined && of > 1 && { part: { number: part, of } }),
    ...(bookPart !== undefined && { bookPart }),
  }
}

/** Throws `book.unfinished` while no chapter is ready, `audio.none` when nothing was ever spoken. */
export function requireReady({ all, ready }: ChapterSelection): void {
  if (ready.length > 0) return
  const { done, total, setAside } = sumRenditionCounts(all.map(({ counts }) => counts))
  if (done === 0 && setAside === 0) throw new Failure('audio.none')
  throw new Failure('book.unfinished', { done, total })
}

function chaptersOfPart(all: readonly Rendition[], name: string): readonly Rendition[] {
  const begins = (part: string | null): boolean =>
    part !== null && part.toLocaleLowerCase().startsWith(name.trim().toLocaleLowerCase())
  const found = all.filter(({ chapter }) => begins(chapter.part))
  if (found.length > 0) return found
  const parts = [...new Set(all.flatMap(({ chapter }) => chapter.part ?? []))]
  const detail =
    parts.length === 0 ? 'This novel has no parts of its own' : `Its parts are called ${parts.join(', ')}`
  throw new Failure('export.no-part', { part: `“${name}”`, detail })
}

/** Those of these numbers. Throws `export.chapter-unready` of the first that is not whole, or not among them. */
function readyChaptersByNumber(
  among: readonly Rendition[],
  numbers: ReadonlySet<number>,
): readonly Rendition[] {
  const found = among.filter(({ chapter }) => numbers.has(chapter.number))
  const unready = found.find((rendition) => !isComplete(rendition))
  if (unready) {
    const { done, total } = unready.counts
    const detail =
      total === 0
        ? 'there is nothing to speak in it; choose others'
        : `${done} of its ${total} segments are spoken; generate it, or come back when it is done`
    throw new Failure('export.chapter-unready', { chapterNumber: unready.chapter.number, detail })
  }
  const there = new Set(found.map(({ chapter }) => chapter.number))
  for (const chapterNumber of numbers) {
    if (there.has(chapterNumber)) continue
    const detail = 'it is not in the part of the book that was asked for'
    throw new Failure('export.chapter-unready', { chapterNumber, detail })
  }
  return found
}

/** By the length of the text, which is known from the beginning: a part holds the same chapters while it grows. */
function chaptersOfShare(all: readonly Rendition[], number: number, of: number): readonly Rendition[] {
  const characters = all.reduce((sum, { chapter }) => sum + chapter.characters, 0)
  let before = 0
  const found = all.filter(({ chapter }) => {
    const middle = before + chapter.characters / 2
    before += chapter.characters
    return Math.min(of - 1, Math.floor((middle / characters) * of)) === number - 1
  })
  if (found.length > 0) return found
  const detail = `There are ${all.length} chapters; ask for fewer parts`
  throw new Failure('export.no-part', { part: `${number} of ${of}`, detail })
}

/** `Chapters 1–3, 5 of 61`: by their places among the narrated ones; `undefined` if it is all of them. */
export function describeSelection({ all, ready }: ChapterSelection): string | undefined {
  if (ready.length === all.length) return undefined
  let at = -1
  const places = ready.map((rendition) => (at = all.indexOf(rendition, at + 1)) + 1)
  const list = formatChapters(places).replaceAll('-', '–').replaceAll(',', ', ')
  return `${ready.length === 1 ? 'Chapter' : 'Chapters'} ${list} of ${all.length}`
}
