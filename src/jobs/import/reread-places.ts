import type { Chapter } from '../../novel/novel.ts'
import { splitText } from '../../segmenter/cut-chapters.ts'
import type { SegmentedText } from '../../segmenter/restored-segments.ts'
import type { PresentChapters } from './present-chapters.ts'

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
 * the pieces of the book that it is made of; `undefined` if the book does not have these very blocks in a row, as of a chapter
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
  return present.blocks.map((wanted) => {
    if (wanted.length === 0) return undefined
    const isAt = (at: number): boolean =>
      wanted.every((text, step) => texts[at + step] === text && taken[at + step] === 0)
    const found = [next, ...(places.get(wanted[0]!) ?? []).slice(0, mostTries)].find(isAt)
    if (found === undefined) return undefined
    taken.fill(1, found, found + wanted.length)
    next = found + wanted.length
    return piecesOf(chapters, found, next)
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
