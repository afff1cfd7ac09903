/** A place in a chapter: index of a block and of a character in its text (UTF-16). */
export interface Anchor {
  readonly block: number
  readonly start: number
}

/** Index of the segment that holds a place, or of the first one behind it, else of the last; 0 if there are none. */
export function segmentAt(
  segments: readonly { readonly block: number; readonly end: number }[],
  { block, start }: Anchor,
): number {
  const found = segments.findIndex((each) => each.block > block || (each.block === block && each.end > start))
  return found < 0 ? Math.max(0, segments.length - 1) : found
}

/**
 * Where a quoted text stands after its chapter's text has changed: where it stood, else where it stands nearest to that
 * place, else at that place, as far as there is text.
 */
export function relocate(
  { block, start, quote }: Anchor & { readonly quote: string },
  blocks: readonly { readonly text: string }[],
): Anchor {
  if (quote !== '' && blocks[block]?.text.startsWith(quote, start) === true) return { block, start }
  const near = blocks.map((_, at) => at).toSorted((a, b) => Math.abs(a - block) - Math.abs(b - block))
  for (const at of quote === '' ? [] : near) {
    const starts = occurrences(blocks[at]?.text ?? '', quote)
    const [nearest] = starts.toSorted((a, b) => Math.abs(a - start) - Math.abs(b - start))
    if (nearest !== undefined) return { block: at, start: nearest }
  }
  const last = Math.min(block, Math.max(0, blocks.length - 1))
  return { block: last, start: Math.min(start, blocks[last]?.text.length ?? 0) }
}

function occurrences(text: string, part: string): number[] {
  const starts: number[] = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) starts.push(at)
  return starts
}
