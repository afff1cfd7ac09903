import type { BlockDraft } from './draft.ts'
import type { SpineStream } from './epub-spine.ts'
import { roleByTitle } from './matter.ts'

/** An entry of a table of contents is a line. */
const longestContentsEntry = 150
/** Fewer lines that lead to chapters are a sentence's links. */
const fewestEntries = 4

/**
 * Omits tables of contents that stand inside a document, below a title page for example: four lines or more, one after
 * another, each with a link to a heading or to the beginning of a document. Call it before the notes are resolved, which
 * takes the links away.
 */
export function omitContentsLists(stream: SpineStream): void {
  const { drafts } = stream
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
        // A part's name may stand between two entries.
        if (draft.text.length > longestContentsEntry / 2) break
        continue
      }
      entries += 1
      end = index + 1
    }
    if (entries >= fewestEntries) {
      const title = drafts[from - 1]
      const titled = title?.kind === 'heading' && roleByTitle(title.text, '') === 'apparatus'
      for (const draft of drafts.slice(titled ? from - 1 : from, end)) draft.omit = 'table-of-contents'
    }
    from = end - 1
  }
}
