import { takeOut, type Draft } from './draft.ts'
import type { LineGroup } from './text-groups.ts'

const noteStart = /^\s*\[(?:(?:Footnote|Note|Anmerkung|Fußnote)\s+)?(\d{1,3}|[A-Z]|\*{1,3})(?:\]|:)[:.]?\s/

/** How far above its note a reference may stand, in lines. */
const reach = 400

/**
 * The groups that are bodies of footnotes: `[3] …` or `[Footnote 3: …]` below a text that has `[3]`, and the indented
 * groups that continue such a note. By group index, the mark.
 */
export function findTextNotes(
  lines: readonly string[],
  groups: readonly LineGroup[],
): ReadonlyMap<number, string> {
  const notes = new Map<number, string>()
  groups.forEach((group, index) => {
    const mark = noteStart.exec(lines[group.start] ?? '')?.[1]
    if (mark !== undefined) {
      const above = lines.slice(Math.max(0, group.start - reach), group.start)
      if (above.some((line) => line.includes(`[${mark}]`) && !line.trimStart().startsWith(`[${mark}]`)))
        notes.set(index, mark)
      return
    }
    const before = groups[index - 1]
    const beforeMark = notes.get(index - 1)
    if (
      before === undefined ||
      beforeMark === undefined ||
      !isIndented(lines, before) ||
      !isIndented(lines, group)
    )
      return
    // One blank line apart; the text goes on after more.
    if (group.start - before.end <= 1) notes.set(index, beforeMark)
  })
  return notes
}

function isIndented(lines: readonly string[], { start, end }: LineGroup): boolean {
  return lines.slice(start, end).every((line) => /^\s{2}/.test(line))
}

/** Takes the reference `[mark]` out of the last of these drafts that has it. */
export function takeOutReference(drafts: readonly Draft[], mark: string): void {
  const sign = `[${mark}]`
  const draft = drafts.slice(-200).findLast(({ text }) => text.includes(sign))
  if (draft === undefined) return
  const start = draft.text.lastIndexOf(sign)
  takeOut(draft, start, start + sign.length, 'note-reference')
}
