import type { BlockDraft, RemovedText } from '../block-draft.ts'
import type { TextHeading } from '../headings/heading-line.ts'
import type { FoundHeadings } from './text-headings.ts'
import { hyphenRule, blocksOfGroup, draftOf } from '../lines/text-blocks.ts'
import { type Omission, joinParagraphs } from './source-lines.ts'
import { findSubtitles } from './heading-subtitles.ts'
import type { Layout, LineGroup } from '../lines/line-groups.ts'
import { findTextNotes, removeReference } from './text-notes.ts'

export interface PlacedDrafts {
  readonly drafts: BlockDraft[]
  /** The headings, each with the index of its first draft. */
  readonly starts: readonly { readonly heading: TextHeading; readonly start: number }[]
  /** Non-blank lines of tables of contents. */
  readonly contentsLines: number
}

/** The caption of a picture that a text edition leaves out. */
const picture =
  /^\s*\[\s*(?:illustrations?|illus|image|picture|frontispiece|abbildung|ilustración|illustrazione)\b[^[\]]*\]\s*$/i

/** Turns a text's lines into blocks. Omitted text is attached to the following block, or to the last. */
export function textDrafts(
  lines: readonly string[],
  omissions: readonly Omission[],
  groups: readonly LineGroup[],
  layout: Layout,
  found: FoundHeadings,
): PlacedDrafts {
  const subtitles = findSubtitles(lines, groups, layout, found.headings)
  const notes = findTextNotes(lines, groups)
  const hyphens = hyphenRule(layout.wrapped ? lines : [])
  const subtitleLines = new Set([...subtitles].map((index) => groups[index]?.start))
  const headings = found.headings.filter(({ start }) => !subtitleLines.has(start))
  const headingAt = new Map(headings.map((heading) => [heading.start, heading]))
  const repeatedAt = new Map(found.repeated.map((heading) => [heading.start, heading]))
  const contentsAt = new Map(found.contents.map((range) => [range.start, range]))
  const drafts: BlockDraft[] = []
  const starts: { heading: TextHeading; start: number }[] = []
  let pending: RemovedText[] = []
  let contentsLines = 0
  let omission = 0
  /** Lines before this one are processed. */
  let done = 0

  const push = (...added: readonly BlockDraft[]): void => {
    for (const draft of added) {
      const before = drafts.at(-1)
      if (draft.kind === 'scene-break' && before?.kind === 'scene-break' && pending.length === 0) {
        // Consecutive rows of asterisks are one break.
        before.text += ` ${draft.text}`
        continue
      }
      if (pending.length > 0) draft.removed = [...pending, ...draft.removed]
      pending = []
      drafts.push(draft)
    }
  }
  /** Attaches the omissions above this line. */
  const takeOmitted = (line: number): void => {
    for (; omission < omissions.length && (omissions[omission]?.at ?? 0) <= line; omission += 1) {
      const { reason, text } = omissions[omission] as Omission
      const last = drafts.at(-1)
      // End marks belong to the chapter that ends; tags may enclose the text that follows.
      if (last === undefined || reason === 'markup') pending.push({ at: 0, reason, text })
      else last.removed.push({ at: last.text.length, reason, text })
    }
  }
  const textOf = (start: number, end: number): string => joinParagraphs(lines.slice(start, end))
  const marked = (line: number): boolean =>
    headingAt.has(line) || contentsAt.has(line) || repeatedAt.has(line)

  groups.forEach((group, index) => {
    if (group.end <= done) return
    takeOmitted(Math.max(group.start, done))
    const mark = notes.get(index)
    const last = drafts.at(-1)
    if (mark !== undefined && last !== undefined && group.start >= done) {
      last.removed.push({
        at: last.text.length,
        reason: 'note',
        text: textOf(group.start, group.end).replaceAll('\n', ' '),
      })
      removeReference(drafts, mark)
      return
    }
    if (subtitles.has(index)) {
      push(draftOf('heading', textOf(group.start, group.end), 2))
      return
    }
    let from = Math.max(group.start, done)
    const flush = (to: number): void => {
      if (to <= from) return
      if (picture.test(lines.slice(from, to).join(' ').slice(0, 600)))
        pending.push({ at: 0, reason: 'image', text: textOf(from, to) })
      else push(...blocksOfGroup(lines, { start: from, end: to }, layout, hyphens))
    }
    for (let line = from; line < group.end; line = Math.max(line + 1, from)) {
      if (!marked(line)) continue
      flush(line)
      takeOmitted(line)
      const contents = contentsAt.get(line)
      const heading = headingAt.get(line)
      from = contents?.end ?? heading?.end ?? repeatedAt.get(line)?.end ?? line + 1
      if (contents !== undefined) {
        const text = textOf(line, from)
        contentsLines += lines.slice(line, from).filter((each) => each.trim() !== '').length
        addContents(pending, text)
      } else if (heading !== undefined) {
        starts.push({ heading, start: drafts.length })
        const prefix = (lines[line] ?? '').trim().slice(0, heading.offset).trim()
        if (prefix !== '') pending.push({ at: 0, reason: 'unspeakable', text: prefix })
        push(draftOf('heading', heading.title, heading.kind === 'chapter' ? 2 : 1))
      } else pending.push({ at: 0, reason: 'unspeakable', text: textOf(line, from) })
    }
    done = from
    flush(group.end)
  })
  takeOmitted(Infinity)
  drafts
    .at(-1)
    ?.removed.push(...pending.map((removed) => ({ ...removed, at: drafts.at(-1)?.text.length ?? 0 })))
  return { drafts, starts, contentsLines }
}

function addContents(pending: RemovedText[], text: string): void {
  const last = pending.at(-1)
  if (last?.reason === 'table-of-contents')
    pending[pending.length - 1] = { ...last, text: `${last.text}\n${text}` }
  else pending.push({ at: 0, reason: 'table-of-contents', text })
}
