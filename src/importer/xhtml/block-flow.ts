import {
  append,
  appendLineBreak,
  type BlockDraft,
  createDraft,
  joinLines,
  type DraftContainer,
  nextOffset,
  type RemovedText,
} from '../block-draft.ts'
import { normalizeDraft } from '../composed-draft.ts'
import type { TableCell } from '../../novel/book-layout.ts'
import type { Mark, MarkKind } from '../../novel/novel.ts'
import { cleanText } from '../clean-text.ts'
import type { LinkTarget } from '../link-target.ts'
import { resolveLineBreaks, splitStanzas } from '../text-breaks.ts'
import { continuesInitial, isInitial, plainUpperHalf } from './inline-typography.ts'

/** Properties of a text run that its enclosing elements determine. */
export interface BlockContext {
  readonly level: number
  readonly types: readonly string[]
  readonly note: boolean
  readonly verse: boolean
  readonly inSpan: boolean
  /** Lists, quotations and tables around it, outermost first. */
  readonly within: readonly DraftContainer[]
  /** The cell of the outermost table. */
  readonly cell: TableCell | undefined
  /** Declared by an element within the body. */
  readonly lang: string | undefined
}

/** Assembles the text of a document into blocks as elements open and close. */
export interface BlockFlow {
  /** `places`: for each UTF-16 unit its offset in the document, when tracing. */
  write(text: string, around: BlockContext, places?: readonly number[]): void
  lineBreak(): void
  /** A span at the top level of a line of verse: in a poem that has only spans, each is a line. */
  verseSpan(): void
  sceneBreak(around: BlockContext): void
  /** A heading that is a picture without text: the contents may have its words. */
  pictureHeading(around: BlockContext): void
  /** Records removed text; `apart`: it stood between blocks. */
  remove(reason: RemovedText['reason'], text: string, apart: boolean, more?: RemovedThing): void
  anchor(id: string): void
  link(start: number, target: LinkTarget, superscript: boolean): void
  /** Sets the reading of `[start, end)` in the current block; `false` if the range is empty. */
  reading(start: number, end: number, said: string): boolean
  /** Sets the sounds of `[start, …)` of the current block, unless the book says a part of it already. */
  sounds(start: number, ipa: string): void
  /** Sets `[start, …)` of the current block apart, up to the end of its text so far. */
  mark(start: number, kind: MarkKind, to?: Mark['to']): void
  /** An inline element ends; after a set-apart initial its word may continue behind white space. */
  endInline(): void
  /**
   * A subscript number begins; if the upper half of a fraction was written as a power, converts it to plain digits.
   */
  lowerHalf(): void
  /** Offset of the next character in the current block. */
  offset(): number
  /** The last units of the current block, some dozens. */
  tail(): string
  /** Whether the current block so far is only an initial. */
  isInitial(): boolean
  endBlock(): void
  endVerse(): void
  /** Number of finished blocks. */
  count(): number
  finish(): { drafts: BlockDraft[]; unplaced: RemovedText[]; trailingIds: string[] }
}

/** What is known of a removed text: where its note is, the picture that it stands for. */
type RemovedThing = Pick<RemovedText, 'target' | 'picture'>

/** UTF-16 units of a block's end kept in `tail`: reading the end of a growing string would copy it each time. */
const tailLength = 40
/** Marks of a block that are kept: more are no emphasis. */
const mostMarks = 2000
/** The longest block in which the upper half of a fraction is rewritten. */
const longestRewritten = 20_000

export function blockFlow({ traced }: { readonly traced: boolean }): BlockFlow {
  const drafts: BlockDraft[] = []
  let lines: BlockDraft[] = []
  let current: BlockDraft | undefined
  let tail = ''
  /** The current block's text so far is a set-apart initial. */
  let initial = false
  /** The current block has text outside of any span. */
  let bare = false
  let pending: RemovedText[] = []
  let ids: string[] = []

  const begin = (draft: BlockDraft): BlockDraft => {
    if (traced) draft.trace = []
    draft.removed = pending
    draft.anchors = ids.map((id) => ({ id, at: 0 }))
    pending = []
    ids = []
    bare = false
    initial = false
    tail = ''
    return draft
  }

  const flow: BlockFlow = {
    write(text, { level, types, note, verse, inSpan, within, cell, lang }, places) {
      const blank = /^\s*$/.test(text)
      // Invisible text begins no block.
      if (current === undefined && (blank || cleanText(text).trim() === '')) return
      const kind = level > 0 ? 'heading' : verse ? 'verse' : 'paragraph'
      current ??= begin({ ...createDraft(kind, level, types, note, within), ...(lang && { lang }) })
      const start = nextOffset(current)
      if (!blank && !inSpan) bare = true
      if (initial && !blank) {
        initial = false
        if (continuesInitial(current.text, current.gap + text)) {
          current.gap = ''
          const rest = text.trimStart()
          append(current, rest, places?.slice(text.length - rest.length))
          if (cell !== undefined) markCell(current, cell, start)
          tail = current.text
          return
        }
      }
      append(current, text, places)
      if (cell !== undefined && !blank) markCell(current, cell, start)
      tail = (tail + text).slice(-tailLength)
    },
    lineBreak() {
      if (current === undefined) return
      appendLineBreak(current)
      tail += ' '
    },
    verseSpan() {
      if (current?.kind === 'verse' && !bare && current.gap === ' ') appendLineBreak(current)
    },
    sceneBreak({ types, note, within }) {
      flow.endBlock()
      flow.endVerse()
      drafts.push(begin(createDraft('scene-break', 0, types, note, within)))
    },
    pictureHeading({ level, types, note }) {
      flow.endBlock()
      flow.endVerse()
      drafts.push(begin(createDraft('heading', level, types, note)))
    },
    remove(reason, text, apart, more) {
      const last = lines.at(-1) ?? drafts.at(-1)
      if (current !== undefined && current.text !== '')
        current.removed.push({ at: current.text.length, reason, text, ...more })
      else if (apart && last !== undefined) last.removed.push({ at: last.text.length, reason, text, ...more })
      else (current?.removed ?? pending).push({ at: 0, reason, text, ...more })
    },
    anchor(id) {
      if (current === undefined) ids.push(id)
      else current.anchors.push({ id, at: nextOffset(current) })
    },
    link(start, target, superscript) {
      if (current === undefined || current.text.length <= start) return
      current.links.push({ start, end: current.text.length, target, superscript })
    },
    reading(start, end, said) {
      const to = Math.min(end, current?.text.length ?? 0)
      if (current === undefined || to <= start) return false
      current.readings.push({ start, end: to, said })
      return true
    },
    sounds(start, ipa) {
      const end = current?.text.length ?? 0
      if (current === undefined || end <= start || (current.readings.at(-1)?.end ?? 0) > start) return
      current.readings.push({ start, end, ipa })
    },
    mark(start, kind, to) {
      const end = current?.text.length ?? 0
      if (current === undefined || end <= start || current.marks.length >= mostMarks) return
      // Elements end from the inside out; a block has its marks by their begins.
      const at = current.marks.findLastIndex((mark) => mark.start < start) + 1
      const inner = current.marks[at]
      if (inner?.start === start && inner.end === end && inner.kind === kind) return
      current.marks.splice(at, 0, { start, end, kind, ...(to && { to }) })
    },
    endInline() {
      if (current !== undefined && current.text.length <= 4) initial = isInitial(current.text)
    },
    lowerHalf() {
      if (current === undefined || current.text.length > longestRewritten || current.gap !== '') return
      if (plainUpperHalf(tail) !== tail) current.text = plainUpperHalf(current.text)
    },
    offset: () => (current === undefined ? 0 : nextOffset(current)),
    tail: () => tail,
    isInitial: () => current !== undefined && current.text.length <= 4 && isInitial(current.text),
    endBlock() {
      const draft = current
      current = undefined
      if (draft === undefined) return
      if (draft.kind === 'verse') lines.push(draft)
      else {
        flow.endVerse()
        for (const block of resolveLineBreaks(draft)) drafts.push(block)
      }
    },
    endVerse() {
      if (lines.length === 0) return
      // Blocks that contain lines are stanzas; blocks of one line each are the lines of one stanza.
      const stanzas = lines.some(({ text }) => text.includes('\n')) ? lines : [joinLines(lines)]
      lines = []
      for (const stanza of stanzas) for (const part of splitStanzas(stanza)) drafts.push(part)
    },
    count: () => drafts.length + lines.length,
    finish() {
      flow.endBlock()
      flow.endVerse()
      const last = drafts.at(-1)
      if (last !== undefined)
        for (const removed of pending) last.removed.push({ ...removed, at: last.text.length })
      drafts.forEach(normalizeDraft)
      return { drafts, unplaced: last === undefined ? pending : [], trailingIds: ids }
    },
  }
  return flow
}

/** The cell of a table's row reaches up to the end of the draft's text so far. */
function markCell({ marks, text }: BlockDraft, cell: TableCell, start: number): void {
  const at = marks.findLastIndex((mark) => mark.kind === 'cell')
  const last = marks[at]
  if (last?.cell === cell) marks[at] = { ...last, end: text.length }
  else if (marks.length < mostMarks) marks.push({ start, end: text.length, kind: 'cell', cell })
}

/** Readings that can be spoken in place of their base; pinyin and translations are only for display. */
const kana = /^[\u3040-\u30ff\u31f0-\u31ffー・\s]+$/

export interface RubyReader {
  open(name: 'ruby' | 'rb'): void
  close(name: 'ruby' | 'rb'): void
  /** Sets the text of an `rt` as the reading of the base before it; `false` if it is not kana, or has no base. */
  read(text: string): boolean
}

/**
 * Pairs ruby readings with their bases: each `rt` with the text since the last one, or with the first `rb` that has
 * none yet (`<rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt>`).
 */
export function rubyReader(flow: BlockFlow): RubyReader {
  let start = 0
  let bases: { start: number; end: number }[] = []
  let inBase = 0
  return {
    open(name) {
      if (name === 'ruby') {
        start = flow.offset()
        bases = []
      } else inBase = flow.offset()
    },
    close(name) {
      if (name === 'rb') bases.push({ start: inBase, end: flow.offset() })
      else bases = []
    },
    read(text) {
      const base = bases.shift() ?? { start, end: flow.offset() }
      start = flow.offset()
      if (!kana.test(text) || base.end <= base.start) return false
      return flow.reading(base.start, base.end, text)
    },
  }
}
