import { sumRenditionCounts } from '../jobs/generations/generation-progress.ts'
import { formatChapters } from '../novel/chapter-range.ts'
import { Failure } from '../novel/failure.ts'
import {
  isComplete,
  pickRenditions,
  type Rendition,
  type RenditionOptions,
  type Renditions,
} from '../playback/renditions.ts'
import { chaptersOf } from '../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../storage/queries/novel-queries.ts'

/** Which chapters of a novel are exported; empty: all. */
export interface ChapterFilter {
  /** Number, from 1, of one of `of` parts of about the same length; chapters stay whole. */
  readonly part?: number | undefined
  readonly of?: number | undefined
  /** Title, or its beginning, of one of the book's own parts: "Book Two". */
  readonly bookPart?: string | undefined
  /** Exactly these chapter numbers; all must be complete. */
  readonly chapters?: readonly number[] | undefined
}

/** The selected chapters of a novel, in reading order. */
export interface ChapterSelection {
  /** All narrated chapters of the novel, and those that were requested by number. */
  readonly all: readonly Rendition[]
  /** The complete chapters of the selection. */
  readonly ready: readonly Rendition[]
  /** Set if the selection is one of several parts. */
  readonly part?: { readonly number: number; readonly of: number }
  /** The book's own part, as requested. */
  readonly bookPart?: string
}

/** Throws `export.no-part`, `chapter.unknown`, `export.chapter-unready`, `voice.unknown`, `voice.none`. */
export async function selectExportChapters(
  context: Renditions,
  novel: NovelRow,
  options: RenditionOptions,
  filter: ChapterFilter = {},
): Promise<ChapterSelection> {
  const { part, of, bookPart } = filter
  const numbers = filter.chapters && new Set(filter.chapters)
  const chapters = await chaptersOf(context.db, novel.id)
  const rows = chapters.filter(
    ({ narrated, number, segmentCount }) => (narrated === 1 && segmentCount > 0) || numbers?.has(number),
  )
  const known = new Set(rows.map(({ number }) => number))
  for (const chapterNumber of numbers ?? []) {
    if (known.has(chapterNumber)) continue
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters.length })
  }
  const all = await pickRenditions(context, novel, rows, options)
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

/** Throws `book.unfinished` if no selected chapter is complete, `audio.none` if no segment was ever attempted. */
export function requireReady({ all, ready }: ChapterSelection): void {
  if (ready.length > 0) return
  const { done, total, setAside } = sumRenditionCounts(all.map(({ counts }) => counts))
  if (done === 0 && setAside === 0) throw new Failure('audio.none')
  throw new Failure('book.unfinished', { done, total })
}

function chaptersOfPart(all: readonly Rendition[], name: string): readonly Rendition[] {
  const matches = (part: string | null): boolean =>
    part !== null && part.toLocaleLowerCase().startsWith(name.trim().toLocaleLowerCase())
  const found = all.filter(({ chapter }) => matches(chapter.part))
  if (found.length > 0) return found
  const parts = [...new Set(all.flatMap(({ chapter }) => chapter.part ?? []))]
  const detail =
    parts.length === 0 ? 'This novel has no parts of its own' : `Its parts are called ${parts.join(', ')}`
  throw new Failure('export.no-part', { part: `“${name}”`, detail })
}

/** Throws `export.chapter-unready` for the first number that is not complete, or not among the chapters. */
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
  const present = new Set(found.map(({ chapter }) => chapter.number))
  for (const chapterNumber of numbers) {
    if (present.has(chapterNumber)) continue
    const detail = 'it is not in the part of the book that was asked for'
    throw new Failure('export.chapter-unready', { chapterNumber, detail })
  }
  return found
}

/** Divides by text length, which does not change while the novel is spoken: a part keeps its chapters. */
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

/** `Chapters 1–3, 5 of 61`, counted among the narrated chapters; `undefined` if all are ready. */
export function describeSelection({ all, ready }: ChapterSelection): string | undefined {
  if (ready.length === all.length) return undefined
  let at = -1
  const places = ready.map((rendition) => (at = all.indexOf(rendition, at + 1)) + 1)
  const list = formatChapters(places).replaceAll('-', '–').replaceAll(',', ', ')
  return `${ready.length === 1 ? 'Chapter' : 'Chapters'} ${list} of ${all.length}`
}
