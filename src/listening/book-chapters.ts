import { chaptersOf } from '../database/chapters.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { sumTallies } from '../generation/tally.ts'
import { Failure } from '../novel/failure.ts'
import { isComplete, pickRenditions, type Rendition, type Sound } from './rendition.ts'

/** Which of a novel shall be taken along; left out: all of it. */
export interface WantedPart {
  /** From 1: of so many parts of about the same length, at the ends of chapters. */
  readonly part?: number | undefined
  readonly of?: number | undefined
  /** What the book's own parts are called, or how that begins: "Book Two". */
  readonly bookPart?: string | undefined
}

/** A novel's narrated chapters, in reading order. */
export interface BookChapters {
  /** All of them, whatever part is wanted. */
  readonly all: readonly Rendition[]
  /** Those of the part that are whole. */
  readonly ready: readonly Rendition[]
}

/** Throws `export.no-part`, `voice.unknown`, `voice.none`. */
export async function bookChapters(
  studio: Studio,
  novel: NovelRow,
  sound: Sound,
  wanted: WantedPart = {},
): Promise<BookChapters> {
  const rows = await chaptersOf(studio.db, novel.id)
  const narrated = rows.filter((row) => row.narrated === 1 && row.segmentCount > 0)
  const all = await pickRenditions(studio, novel, narrated, sound)
  const named = wanted.bookPart === undefined ? all : partNamed(all, wanted.bookPart)
  const { part, of } = wanted
  const chosen = part === undefined || of === undefined ? named : partNumbered(named, part, of)
  return { all, ready: chosen.filter(isComplete) }
}

/** Throws `book.unfinished` while no chapter is ready, `audio.none` when nothing was ever spoken. */
export function requireReady({ all, ready }: BookChapters): void {
  if (ready.length > 0) return
  const { done, total, setAside } = sumTallies(all.map(({ tally }) => tally))
  if (done === 0 && setAside === 0) throw new Failure('audio.none')
  throw new Failure('book.unfinished', { done, total })
}

function partNamed(all: readonly Rendition[], name: string): readonly Rendition[] {
  const begins = (part: string | null): boolean =>
    part !== null && part.toLocaleLowerCase().startsWith(name.trim().toLocaleLowerCase())
  const found = all.filter(({ chapter }) => begins(chapter.part))
  if (found.length > 0) return found
  const parts = [...new Set(all.flatMap(({ chapter }) => chapter.part ?? []))]
  const detail =
    parts.length === 0 ? 'This novel has no parts of its own' : `Its parts are called ${parts.join(', ')}`
  throw new Failure('export.no-part', { part: `“${name}”`, detail })
}

/** By the length of the text, which is known from the beginning: a part holds the same chapters while it grows. */
function partNumbered(all: readonly Rendition[], number: number, of: number): readonly Rendition[] {
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
export function whichChapters({ all, ready }: BookChapters): string | undefined {
  if (ready.length === all.length) return undefined
  const runs: [number, number][] = []
  const there = new Set(ready)
  for (const [at, rendition] of all.entries()) {
    if (!there.has(rendition)) continue
    const place = at + 1
    const last = runs.at(-1)
    if (last?.[1] === place - 1) last[1] = place
    else runs.push([place, place])
  }
  const list = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
  return `${ready.length === 1 ? 'Chapter' : 'Chapters'} ${list} of ${all.length}`
}
