import type { SkipReason } from '../../novel/novel.ts'
import { type BlockDraft, type RemovedText, removeRanges } from '../block-draft.ts'
import { isSceneBreak } from '../text-breaks.ts'
import type { Layout } from '../lines/line-groups.ts'
import { joinParagraphs, type Omission } from './source-lines.ts'
import { blocksOfGroup, draftOf, type HyphenRule } from '../lines/text-blocks.ts'

const atxHeading = /^ {0,3}(#{1,6})\s+(\S.*?)\s*#*\s*$/
const inlineSign = /\*\*\S|\]\((?:https?:|[\w./#-]+\))|\[\^[\w-]+\]|!\[/
const footnoteDefinition = /^ {0,3}\[\^([\w-]{1,40})\]:\s*/
const linkDefinition = /^ {0,3}\[[^\]]{1,200}\]:\s+\S/
const thematicBreak = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/
const setextUnderline = /^ {0,3}(?:=+|-+)\s*$/
const blockMarker = /^\s*(?:(?:>\s?)+|[-*+]\s+(?=\S))/
const codeFence = /^ {0,3}(?:```|~~~)/
/** Longer lines are no headings. */
const longestHeading = 200

/** Whether lines are Markdown: two headings with `#`, or one and another Markdown construct. */
export function isMarkdown(lines: readonly string[]): boolean {
  let headings = 0
  let signs = 0
  for (const line of lines) {
    if (line.length <= longestHeading && isHeading(line)) headings += 1
    else if (signs === 0 && line.length < 2_000 && inlineSign.test(line)) signs += 1
    if (headings >= 2 || (headings === 1 && signs > 0)) return true
  }
  return false
}

function isHeading(line: string): boolean {
  const text = atxHeading.exec(line)?.[2]
  return text !== undefined && /[\p{L}\p{N}]/u.test(text)
}

/** Parses Markdown into blocks; markup and link addresses are removed, notes are marked as notes. */
export function markdownDrafts(
  lines: readonly string[],
  omissions: readonly Omission[],
  layout: Layout,
  hyphens: HyphenRule,
): BlockDraft[] {
  const drafts: BlockDraft[] = []
  let pending: RemovedText[] = []
  let open: string[] = []
  let openNote = false
  let fenced = false
  let omission = 0

  const push = (draft: BlockDraft): void => {
    removeMarkdown(draft)
    if (draft.text === '' && draft.kind !== 'scene-break') {
      pending.push(...draft.removed)
      return
    }
    draft.removed = [...pending, ...draft.removed]
    pending = []
    drafts.push(draft)
  }
  const flush = (): void => {
    if (open.length > 0) {
      for (const draft of blocksOfGroup(open, { start: 0, end: open.length }, layout, hyphens)) {
        draft.note = openNote
        push(draft)
      }
    }
    open = []
    openNote = false
  }
  const take = (text: string, reason: RemovedText['reason'] = 'markup'): void => {
    if (text.trim() !== '') pending.push({ at: 0, reason, text: text.trim() })
  }

  const head = frontMatterEnd(lines)
  if (head > 0) take(joinParagraphs(lines.slice(0, head)))
  lines.forEach((line, index) => {
    if (index < head) return
    for (; omission < omissions.length && (omissions[omission]?.at ?? 0) <= index; omission += 1) {
      const { reason, text } = omissions[omission] as Omission
      take(text, reason)
    }
    if (codeFence.test(line)) {
      flush()
      fenced = !fenced
      take(line)
      return
    }
    if (fenced) {
      if (line.trim() !== '') push(draftOf('paragraph', line))
      return
    }
    const found = line.length <= longestHeading && isHeading(line) ? atxHeading.exec(line) : null
    if (found !== null) {
      flush()
      take(found[1] ?? '')
      push(draftOf('heading', found[2] ?? '', found[1]?.length ?? 1))
      return
    }
    if (
      open.length === 1 &&
      !openNote &&
      setextUnderline.test(line) &&
      (open[0] ?? '').length <= longestHeading
    ) {
      const text = open[0] ?? ''
      open = []
      take(line)
      push(draftOf('heading', text, line.trim().startsWith('=') ? 1 : 2))
      return
    }
    if (thematicBreak.test(line) || (open.length === 0 && isSceneBreak(line))) {
      flush()
      push(draftOf('scene-break', line))
      return
    }
    if (line.trim() === '') {
      flush()
      return
    }
    if (linkDefinition.test(line) && !footnoteDefinition.test(line)) {
      flush()
      take(line)
      return
    }
    const call = footnoteDefinition.exec(line)?.[0]
    if (call !== undefined) {
      flush()
      openNote = true
      take(call)
    }
    const rest = call === undefined ? line : line.slice(call.length)
    const sign = blockMarker.exec(rest)?.[0] ?? ''
    // A list item begins a paragraph.
    if (/[-*+]/.test(sign)) flush()
    take(sign)
    open.push(rest.slice(sign.length))
  })
  flush()
  for (; omission < omissions.length; omission += 1)
    take(omissions[omission]?.text ?? '', omissions[omission]?.reason)
  const last = drafts.at(-1)
  last?.removed.push(...pending.map((removed) => ({ ...removed, at: last.text.length })))
  return drafts
}

/** End of the front matter (`key: value` lines between `---`) at the start of a file; 0 if there is none. */
function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0
  const end = lines.slice(1, 60).findIndex((line) => line.trim() === '---')
  const inside = lines.slice(1, end + 1)
  return end > 0 && inside.every((line) => /^(?:[\w-]{1,40}\s*:|\s+\S|-\s)/.test(line)) ? end + 2 : 0
}

interface Range {
  readonly start: number
  readonly end: number
  readonly reason: SkipReason
}

/** A link or image with its address; a footnote reference; an autolink. All parts are bounded. */
const inlineLink =
  /(!?)\[([^[\]]{0,300})\]\((?:[^()\s]|\([^()\s]{0,100}\)){0,500}(?:\s+["'][^"'\n]{0,200}["'])?\)|\[\^[\w-]{1,40}\]|<https?:\/\/[^<>\s]{1,500}>/g
const inlineMark = /\\[\\`*_{}[\]()#+.!~>-]|\*{1,3}|_{1,3}|~~|`{1,3}/g

/** Removes Markdown from a block: emphasis, links (their text stays), images, footnote references, escapes. */
function removeMarkdown(draft: BlockDraft): void {
  const brackets: Range[] = []
  for (const match of draft.text.matchAll(inlineLink)) {
    const [whole, picture, words = ''] = match
    const start = match.index
    const end = start + whole.length
    if (whole.startsWith('[^')) brackets.push({ start, end, reason: 'note-reference' })
    else if (picture === '!') brackets.push({ start, end, reason: 'image' })
    else if (whole.startsWith('<')) brackets.push({ start, end, reason: 'markup' })
    else
      brackets.push(
        { start, end: start + 1, reason: 'markup' },
        { start: start + 1 + words.length, end, reason: 'markup' },
      )
  }
  const ranges = [...brackets, ...emphasis(draft.text, brackets)].toSorted((a, b) => a.start - b.start)
  if (ranges.length > 0) removeRanges(draft, ranges, 'markup')
}

/** Paired emphasis marks and backslash escapes outside of the removed ranges. */
function emphasis(text: string, removed: readonly Range[]): Range[] {
  const open = new Map<string, Range>()
  const found: Range[] = []
  let next = 0
  for (const { 0: mark, index } of text.matchAll(inlineMark)) {
    while ((removed[next]?.end ?? Infinity) <= index) next += 1
    if (index >= (removed[next]?.start ?? Infinity)) continue
    if (mark.startsWith('\\')) {
      found.push({ start: index, end: index + 1, reason: 'markup' })
      continue
    }
    const own: Range = { start: index, end: index + mark.length, reason: 'markup' }
    const [before, after] = [text.charAt(index - 1), text.charAt(own.end)]
    const inWord = (char: string): boolean => mark.startsWith('_') && /[\p{L}\p{N}]/u.test(char)
    const partner = open.get(mark)
    if (partner !== undefined && before.trim() !== '' && !inWord(after)) {
      found.push(partner, own)
      open.delete(mark)
    } else if (after.trim() !== '' && !inWord(before)) open.set(mark, own)
  }
  return found
}
