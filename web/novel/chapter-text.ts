import type { Chapter, SegmentView } from '../../src/http/contract/novel-contract.ts'
import { holdsText } from './left-out.ts'

export type TextPiece =
  | {
      readonly kind: 'segment'
      readonly index: number
      /** UTF-16 offset in the block. */
      readonly start: number
      readonly text: string
      readonly ready: boolean
    }
  /** Not spoken: characters of the text, or something that stood here (then `text` tells what, if it is known). */
  | {
      readonly kind: 'skip'
      /** UTF-16 offset in the block. */
      readonly start: number
      readonly reason: string
      readonly text: string
      readonly removed: boolean
      readonly note?: string
    }
  /** An image within the text. */
  | { readonly kind: 'image'; readonly start: number; readonly skip: Chapter['skips'][number] }
  | { readonly kind: 'plain'; readonly start: number; readonly text: string }

/**
 * A block's text cut at its segments and skips, in reading order; every character is in one piece. What was left out and
 * holds a text of its own stands between the blocks.
 */
export function textPieces(
  block: Chapter['blocks'][number],
  segments: readonly SegmentView[],
  skips: readonly Chapter['skips'][number][],
): TextPiece[] {
  const cuts = [
    ...segments
      .filter((segment) => segment.block === block.index)
      .map((segment) => ({ start: segment.start, end: segment.end, segment })),
    ...skips
      .filter((skip) => skip.block === block.index && !holdsText(skip) && !standsApart(skip, block.text))
      .map((skip) => ({ start: skip.start, end: skip.end, skip })),
  ].toSorted((a, b) => a.start - b.start || a.end - b.end)

  const pieces: TextPiece[] = []
  let at = 0
  // A segment may enclose a place where something was taken out; it is then shown in halves around it.
  let open: { segment: SegmentView; end: number } | undefined
  const upTo = (end: number): void => {
    while (at < end) {
      const stop = open ? Math.min(end, open.end) : end
      const text = block.text.slice(at, stop)
      if (text !== '')
        pieces.push(
          open
            ? { kind: 'segment', index: open.segment.index, start: at, ready: open.segment.ready, text }
            : { kind: 'plain', start: at, text },
        )
      at = stop
      if (open && at >= open.end) open = undefined
    }
  }
  for (const cut of cuts) {
    upTo(cut.start)
    if ('segment' in cut) {
      open = { segment: cut.segment, end: cut.end }
      continue
    }
    const { start, end, reason, text, note, image } = cut.skip
    if (image) {
      pieces.push({ kind: 'image', start, skip: cut.skip })
      continue
    }
    const removed = start === end
    pieces.push({
      kind: 'skip',
      start,
      reason,
      removed,
      ...(note !== undefined && { note }),
      text: removed ? (text ?? '') : block.text.slice(start, end),
    })
    at = Math.max(at, end)
    if (open && at >= open.end) open = undefined
  }
  upTo(block.text.length)
  return pieces
}

/** The pieces of `[start, end)`; those that begin before it or end after it are cut. */
export function piecesWithin(pieces: readonly TextPiece[], start: number, end: number): TextPiece[] {
  return pieces.flatMap((piece): TextPiece[] => {
    if (piece.kind === 'image' || (piece.kind === 'skip' && piece.removed))
      return piece.start >= start && piece.start < end ? [piece] : []
    const from = Math.max(0, start - piece.start)
    const text = piece.text.slice(from, Math.max(from, end - piece.start))
    return text === '' ? [] : [{ ...piece, start: piece.start + from, text }]
  })
}

/** Whether an image stands before or behind a block, not within its text. */
export function standsApart(
  { start, image }: Pick<Chapter['skips'][number], 'start' | 'image'>,
  text: string,
): boolean {
  return image !== undefined && (start === 0 || start >= text.length)
}

/** Whether the text begins with the chapter's title, so that it need not be set above it as well. */
export function opensWithTitle({ title, blocks }: Pick<Chapter, 'title' | 'blocks'>): boolean {
  let opening = ''
  for (const block of blocks) {
    if (block.kind !== 'heading') break
    opening += letters(block.text)
    if (opening !== '' && opening === letters(title)) return true
  }
  return false
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
