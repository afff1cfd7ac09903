import type { Chapter } from '../../novel/novel.ts'
import { splitText } from '../../segmenter/cut-chapters.ts'
import type { SegmentedText } from '../../segmenter/restored-segments.ts'
import { lettersOf, type PresentChapters } from './present-chapters.ts'

/** Blocks `[start, end)` of a chapter. */
export interface Piece {
  readonly chapter: number
  readonly start: number
  readonly end: number
}

/** Of blocks that recur (“* * *”), so many places are tried. */
const mostTries = 200

/**
 * Where the chapters that are there, merged, split and moved as they may be, stand in a book that was read again: of each
 * the pieces of the book that it is made of; `undefined` if the book has neither these very blocks in a row nor their letters as a whole chapter, as of a chapter
 * in which something was restored.
 */
export function placePresent(
  present: PresentChapters,
  chapters: readonly Chapter[],
): readonly (readonly Piece[] | undefined)[] {
  const texts = chapters.flatMap(({ blocks }) => blocks.map(({ text }) => present.numberOf(text)))
  const taken = new Uint8Array(texts.length)
  const places = new Map<number, number[]>()
  for (const [at, text] of texts.entries()) {
    const known = places.get(text)
    if (known) known.push(at)
    else places.set(text, [at])
  }
  let next = 0
  const found = present.blocks.map((wanted): readonly Piece[] | undefined => {
    if (wanted.length === 0) return undefined
    const isAt = (at: number): boolean =>
      wanted.every((text, step) => texts[at + step] === text && taken[at + step] === 0)
    const at = [next, ...(places.get(wanted[0]!) ?? []).slice(0, mostTries)].find(isAt)
    if (at === undefined) return undefined
    next = at + wanted.length
    taken.fill(1, at, next)
    return piecesOf(chapters, at, next)
  })
  return withWholeChapters(present, chapters, found, taken)
}

/** Adds chapters that are whole in the book, but otherwise divided into blocks: lists and verse once were paragraphs. */
function withWholeChapters(
  present: PresentChapters,
  chapters: readonly Chapter[],
  found: readonly (readonly Piece[] | undefined)[],
  taken: Uint8Array,
): readonly (readonly Piece[] | undefined)[] {
  if (found.every((pieces) => pieces !== undefined)) return found
  const left = new Map<string, number[]>()
  let first = 0
  for (const [at, { blocks }] of chapters.entries()) {
    const key = lettersOf(blocks.map(({ text }) => text))
    if (blocks.length > 0 && taken.subarray(first, first + blocks.length).every((one) => one === 0))
      left.set(key, [...(left.get(key) ?? []), at])
    first += blocks.length
  }
  return found.map((pieces, at) => {
    const chapter = pieces ? undefined : left.get(present.letters[at]!)?.shift()
    return chapter === undefined ? pieces : [{ chapter, start: 0, end: chapters[chapter]!.blocks.length }]
  })
}

/** Blocks `[from, to)`, counted through the book, chapter by chapter. */
function piecesOf(chapters: readonly Chapter[], from: number, to: number): Piece[] {
  const pieces: Piece[] = []
  let first = 0
  for (const [chapter, { blocks }] of chapters.entries()) {
    if (first >= to) break
    const [start, end] = [Math.max(0, from - first), Math.min(blocks.length, to - first)]
    if (start < end) pieces.push({ chapter, start, end })
    first += blocks.length
  }
  return pieces
}

/** A piece of a chapter; segments stay as they are but its first, which has silence before it. */
export function cutPiece(text: SegmentedText, { start, end }: Piece): SegmentedText {
  const head = end < text.blocks.length ? splitText(text, end)[0] : text
  return start > 0 ? splitText(head, start)[1] : head
}
