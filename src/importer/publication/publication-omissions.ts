import { type BlockDraft, removeRanges } from '../block-draft.ts'
import { roleByTitle } from '../chapters/chapter-matter.ts'
import { findGutenbergFrame } from '../gutenberg-frame.ts'
import { gutenbergFrame } from '../xhtml/xhtml-vocabulary.ts'
import type { SpineStream } from './spine-stream.ts'

/** Maximum UTF-16 units of an entry of a table of contents, which is a line. */
const longestContentsEntry = 150
/** Fewer lines that link to chapters are links inside a sentence. */
const minEntries = 4

/** The type that readers give to what their format marks as a list of contents. */
export const contentsList = 'contents-list'

/**
 * Omits tables of contents inside a document, for example below a title page: four or more consecutive lines, each with
 * a link to a heading or to the beginning of a document. Must run before the notes are resolved, which removes the
 * links.
 */
export function omitContentsLists(stream: SpineStream): void {
  const { drafts } = stream
  for (const draft of drafts) if (draft.types.includes(contentsList)) draft.omit = 'table-of-contents'
  const starts = new Set(stream.documents.map(({ start }) => start))
  const isEntry = ({ text, links }: BlockDraft, index: number): boolean =>
    text.length <= longestContentsEntry &&
    links.length <= 10 &&
    links.some(({ target }) => {
      const at = stream.position(target)
      return at !== undefined && at !== index && (drafts[at]?.kind === 'heading' || starts.has(at))
    })
  for (let from = 0; from < drafts.length; from += 1) {
    if (!isEntry(drafts[from] as BlockDraft, from)) continue
    let entries = 1
    let end = from + 1
    for (let index = from + 1; index < drafts.length && index <= end + 1; index += 1) {
      const draft = drafts[index] as BlockDraft
      if (!isEntry(draft, index)) {
        // The name of a part may stand between two entries.
        if (draft.text.length > longestContentsEntry / 2) break
        continue
      }
      entries += 1
      end = index + 1
    }
    if (entries >= minEntries) {
      const title = drafts[from - 1]
      const titled = title?.kind === 'heading' && roleByTitle(title.text, '') === 'apparatus'
      for (const draft of drafts.slice(titled ? from - 1 : from, end)) draft.omit = 'table-of-contents'
    }
    from = end - 1
  }
}

/** Frame marks are searched only in this many UTF-16 units from the start of a line. */
const markLength = 400

/**
 * Omits the text that Project Gutenberg puts around a book: its header, the credits below it, and all from its end mark
 * or licence on. New files mark header and footer as elements; in older ones only the lines identify them, in a `pre`,
 * in paragraphs, or in documents of their own. `end` is where the reading order ends: documents outside of it are no
 * footer. Returns remarks; none if the book is not Project Gutenberg's.
 */
export function omitGutenbergFrame(drafts: readonly BlockDraft[], end: number): string[] {
  const lines: string[] = []
  const places: { draft: number; start: number }[] = []
  for (let index = 0; index < end; index += 1) {
    let start = 0
    for (const line of drafts[index]?.text.split('\n') ?? []) {
      lines.push(line.length > markLength ? line.slice(0, markLength) : line)
      places.push({ draft: index, start })
      start += line.length + 1
    }
    // Blocks are paragraphs; the frame rules separate paragraphs by blank lines.
    for (let blank = 0; blank < 2; blank += 1) {
      lines.push('')
      places.push({ draft: index, start })
    }
  }
  const ranges = findGutenbergFrame(lines)?.ranges ?? []
  const marked = drafts.some(({ types }) => types.includes(gutenbergFrame))
  if (ranges.length === 0 && !marked) return []
  const framed = new Uint8Array(lines.length)
  for (const { start, end: after } of ranges) framed.fill(1, start, after)
  const isBook = (line: string, at: number): boolean =>
    framed[at] === 0 &&
    /[\p{L}\p{N}]/u.test(line) &&
    !drafts[places[at]?.draft ?? -1]?.types.includes(gutenbergFrame)
  // A frame without a book between is no frame.
  if (!lines.some(isBook)) return []
  for (const range of ranges) omitFrameLines(drafts, places, range.start, range.end)
  for (const draft of drafts) if (draft.types.includes(gutenbergFrame)) draft.omit = 'frame'
  return ['The header and licence of Project Gutenberg were left out.']
}

/** Omits the lines `[from, to)`: whole drafts, and of a draft that the border crosses only its part. */
function omitFrameLines(
  drafts: readonly BlockDraft[],
  places: readonly { readonly draft: number; readonly start: number }[],
  from: number,
  to: number,
): void {
  if (from >= to) return
  const first = places[from] ?? { draft: 0, start: 0 }
  const last = places[to] ?? { draft: drafts.length, start: 0 }
  for (let index = first.draft; index <= last.draft; index += 1) {
    const draft = drafts[index]
    if (draft === undefined) continue
    const start = index === first.draft ? first.start : 0
    const end = index === last.draft ? Math.min(last.start, draft.text.length) : draft.text.length
    if (start >= end) continue
    if (start === 0 && end === draft.text.length) draft.omit = 'frame'
    else removeRanges(draft, [{ start, end }], 'frame')
  }
}
