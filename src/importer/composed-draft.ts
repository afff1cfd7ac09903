import type { BlockDraft } from './block-draft.ts'
import { traceComposed } from './clean-text.ts'

/** Composes the characters (NFC) and moves all offsets accordingly. */
export function normalizeDraft(draft: BlockDraft): void {
  const { text } = draft
  const composed = text.normalize('NFC')
  if (composed === text) return
  const move = normalizedOffsets(text, composed.length)
  draft.text = composed
  if (draft.trace !== undefined) draft.trace = traceComposed(text, composed, draft.trace)
  draft.removed = draft.removed.map((removed) => ({ ...removed, at: move(removed.at) }))
  draft.links = draft.links.map((link) => ({ ...link, start: move(link.start), end: move(link.end) }))
  draft.anchors = draft.anchors.map((anchor) => ({ ...anchor, at: move(anchor.at) }))
  draft.readings = draft.readings.map((reading) => ({
    ...reading,
    start: move(reading.start),
    end: move(reading.end),
    ...(reading.said !== undefined && { said: reading.said.normalize('NFC') }),
  }))
  draft.marks = draft.marks.map((mark) => ({ ...mark, start: move(mark.start), end: move(mark.end) }))
}

/** Minimum distance, in UTF-16 units, between offsets whose composed position is stored. */
const stride = 256

/**
 * Maps offsets in `text` to offsets in its NFC form. Splits only before base characters, across which nothing composes.
 */
function normalizedOffsets(text: string, length: number): (at: number) => number {
  const known: { at: number; composed: number }[] = [{ at: 0, composed: 0 }]
  let next = stride
  for (const { index } of text.matchAll(/[^\p{M}\u1160-\u11ff]/gu)) {
    const last = known.at(-1)!
    if (index < next) continue
    known.push({ at: index, composed: last.composed + text.slice(last.at, index).normalize('NFC').length })
    next = index + stride
  }
  return (at) => {
    let low = 0
    let high = known.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (known[middle]!.at <= at) low = middle + 1
      else high = middle
    }
    const before = known[low - 1]!
    return Math.min(before.composed + text.slice(before.at, at).normalize('NFC').length, length)
  }
}
