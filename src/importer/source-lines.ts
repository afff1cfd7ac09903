import type { SkipReason } from '../novel/block.ts'
import { findGutenbergFrame, type GutenbergFrame } from './gutenberg-frame.ts'
import { withoutTags } from './html-tags.ts'
import { continuesOnNextLine } from './text-groups.ts'
import { addressLines, siteLineReason } from './site-lines.ts'

/** What stood in the file and is no text of the book. */
export interface Omission {
  /** Index of the line that it stood before, or in. */
  readonly at: number
  readonly reason: SkipReason
  readonly text: string
}

export interface SourceLines {
  /** The lines of the book itself. */
  readonly lines: readonly string[]
  /** What was taken out of them, in order. */
  readonly omissions: readonly Omission[]
  readonly frame: GutenbergFrame | undefined
}

/**
 * The lines of a file without what is not the book's: the frame of Project Gutenberg, lines of sites, end marks, signs of
 * HTML. Everything that is taken out is kept, with its place and reason.
 */
export function sourceLines(all: readonly string[]): SourceLines {
  const frame = findGutenbergFrame(all)
  const inFrame = new Uint8Array(all.length)
  for (const { start, end } of frame?.ranges ?? []) inFrame.fill(1, start, end)
  const advertised = addressLines(all)
  const lines: string[] = []
  const omissions: Omission[] = []
  let open: { at: number; reason: SkipReason; lines: string[] } | undefined
  const close = (): void => {
    if (open === undefined) return
    const text = joinParagraphs(open.lines)
    if (text !== '') omissions.push({ at: open.at, reason: open.reason, text })
    // The book on either side of a frame does not join.
    if (open.reason === 'frame') lines.push('')
    open = undefined
  }
  all.forEach((source, index) => {
    const framed = inFrame[index] === 1 ? 'frame' : undefined
    const untagged = framed === undefined ? withoutTags(source) : undefined
    const line = untagged?.text ?? source
    const reason = framed ?? (advertised.has(index) ? 'advertisement' : reasonAt(all, index, line))
    if (reason === undefined) {
      close()
      if (untagged !== undefined && untagged.tags !== '')
        omissions.push({ at: lines.length, reason: 'markup', text: untagged.tags })
      lines.push(line)
      return
    }
    if (open?.reason !== reason) close()
    open ??= { at: lines.length, reason, lines: [] }
    open.lines.push(source)
    if (framed === undefined) close()
  })
  close()
  return { lines, omissions, frame }
}

/** A line of a sentence that goes on over several lines is text, whatever it holds. */
function reasonAt(all: readonly string[], index: number, line: string): SkipReason | undefined {
  const reason = siteLineReason(line)
  if (reason === undefined) return undefined
  const [before, after] = [all[index - 1] ?? '', all[index + 1] ?? '']
  const inside =
    (before.trim() !== '' && continuesOnNextLine(before, line)) || (after.trim() !== '' && continuesOnNextLine(line, after))
  return inside ? undefined : reason
}

/** Lines as one text: a line break between its paragraphs, a space where lines go on. */
export function joinParagraphs(lines: readonly string[]): string {
  const texts: string[] = []
  let open: string[] = []
  for (const line of [...lines, '']) {
    const text = line.trim()
    if (text !== '') open.push(text)
    else if (open.length > 0) {
      texts.push(open.join(' '))
      open = []
    }
  }
  return texts.join('\n')
}
