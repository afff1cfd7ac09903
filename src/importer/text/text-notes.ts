import { removeRanges, type BlockDraft } from '../block-draft.ts'
import type { LineGroup } from '../lines/line-groups.ts'

const bracketed = /^\s*\[(?:(?:Footnote|Note|Anmerkung|Fußnote)\s+)?(\d{1,3}|[A-Z]|\*{1,3})(?:\]|:)[:.]?\s/
const starred = /^\s*(\*(?:\(\d{1,2}\))?|[†‡])\s?(?=[\p{L}“"‘'(—])/u

/** Maximum distance from a note up to its reference, in lines: `[3]` at the end of a chapter, `*` on the same page. */
const reach = { bracketed: 400, starred: 40 }
/** Maximum distance from a note up to its reference, in blocks. */
const reachBlocks = 200

/**
 * Finds the groups that are footnote bodies: `[3] …`, `[Footnote 3: …]` or `* …` below a text that has the mark, and
 * the indented groups that continue such a note. Maps group indices to the mark as written in the text.
 */
export function findTextNotes(
  lines: readonly string[],
  groups: readonly LineGroup[],
): ReadonlyMap<number, string> {
  const notes = new Map<number, string>()
  const assigned = new Set<string>()
  groups.forEach((group, index) => {
    const mark = markOf(lines, group, assigned)
    if (mark !== undefined) {
      notes.set(index, mark)
      return
    }
    const before = groups[index - 1]
    const beforeMark = notes.get(index - 1)
    if (before === undefined || beforeMark === undefined) return
    // Separated by one blank line; after more the main text continues.
    const continues = group.start - before.end <= 1 && isIndented(lines, before) && isIndented(lines, group)
    if (continues) notes.set(index, beforeMark)
  })
  return notes
}

/** The mark of a note's first line, if a line above has a reference with it that is not assigned to another note. */
function markOf(lines: readonly string[], { start }: LineGroup, assigned: Set<string>): string | undefined {
  const line = lines[start] ?? ''
  const inBrackets = bracketed.exec(line)?.[1]
  const mark = inBrackets === undefined ? starred.exec(line)?.[1] : `[${inBrackets}]`
  if (mark === undefined) return undefined
  const top = Math.max(0, start - (inBrackets === undefined ? reach.starred : reach.bracketed))
  for (let above = start - 1; above >= top; above -= 1) {
    const text = (lines[above] ?? '').trim()
    if (!text.includes(mark) || referenceIn(text, mark) === undefined || assigned.has(`${above} ${mark}`))
      continue
    assigned.add(`${above} ${mark}`)
    return mark
  }
  return undefined
}

function isIndented(lines: readonly string[], { start, end }: LineGroup): boolean {
  return lines.slice(start, end).every((line) => /^\s{2}/.test(line))
}

/** The offset of the last reference with this mark in a text; never at its beginning, where a note's own mark is. */
function referenceIn(text: string, mark: string): number | undefined {
  let tries = 0
  for (let at = text.lastIndexOf(mark); at > 0 && tries < 20; at = text.lastIndexOf(mark, at - 1)) {
    tries += 1
    const alone = mark !== '*' || (!/[*(]/.test(text.charAt(at + 1)) && !/\*\s?$/.test(text.slice(0, at)))
    if (alone && /[\p{L}\p{N}]/u.test(text.slice(0, at))) return at
  }
  return undefined
}

/** Removes the reference with this mark from the last draft that has it. */
export function removeReference(drafts: readonly BlockDraft[], mark: string): void {
  for (let index = drafts.length - 1; index >= Math.max(0, drafts.length - reachBlocks); index -= 1) {
    const draft = drafts[index]
    const at = draft === undefined ? undefined : referenceIn(draft.text, mark)
    if (draft === undefined || at === undefined) continue
    removeRanges(draft, [{ start: at, end: at + mark.length }], 'note-reference')
    return
  }
}
