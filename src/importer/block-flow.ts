import {
  append,
  appendLineBreak,
  compose,
  joinLines,
  newDraft,
  nextOffset,
  slice,
  type Draft,
  type Taken,
} from './draft.ts'
import { isSceneBreak } from './scene-break.ts'
import type { Target } from './archive-path.ts'

/** What the elements around a piece of text make of it. */
export interface Surroundings {
  readonly level: number
  readonly types: readonly string[]
  readonly note: boolean
  readonly verse: boolean
  readonly inSpan: boolean
}

/** Puts the text of a document together into blocks, as its elements open and close. */
export interface BlockFlow {
  /** `places`: for each unit of the text its place in the document, where the blocks are traced. */
  write(text: string, around: Surroundings, places?: readonly number[]): void
  lineBreak(): void
  /** A span at the top of a line of verse: where a poem has nothing but spans, each is a line. */
  verseSpan(): void
  sceneBreak(around: Surroundings): void
  /** Something is taken out here; `apart`: it stood between the blocks. */
  take(reason: Taken['reason'], text: string, apart: boolean): void
  anchor(id: string): void
  link(start: number, target: Target, superscript: boolean): void
  /** Where the next character of the block that is being read will stand. */
  offset(): number
  endBlock(): void
  endVerse(): void
  /** How many blocks are finished. */
  count(): number
  finish(): { drafts: Draft[]; loose: Taken[]; trailingIds: string[] }
}

export function blockFlow({ traced }: { readonly traced: boolean }): BlockFlow {
  const drafts: Draft[] = []
  let lines: Draft[] = []
  let current: Draft | undefined
  /** Text stood in the current block outside of any span. */
  let bare = false
  let waiting: Taken[] = []
  let ids: string[] = []

  const begin = (draft: Draft): Draft => {
    if (traced) draft.trace = []
    draft.taken = waiting
    draft.anchors = ids.map((id) => ({ id, at: 0 }))
    waiting = []
    ids = []
    bare = false
    return draft
  }

  const flow: BlockFlow = {
    write(text, { level, types, note, verse, inSpan }, places) {
      const blank = /^\s*$/.test(text)
      if (blank && current === undefined) return
      const kind = level > 0 ? 'heading' : verse ? 'verse' : 'paragraph'
      current ??= begin(newDraft(kind, level, types, note))
      if (!blank && !inSpan) bare = true
      append(current, text, places)
    },
    lineBreak() {
      if (current !== undefined) appendLineBreak(current)
    },
    verseSpan() {
      if (current?.kind === 'verse' && !bare && current.gap === ' ') appendLineBreak(current)
    },
    sceneBreak({ types, note }) {
      flow.endBlock()
      flow.endVerse()
      drafts.push(begin(newDraft('scene-break', 0, types, note)))
    },
    take(reason, text, apart) {
      const last = lines.at(-1) ?? drafts.at(-1)
      if (current !== undefined && current.text !== '')
        current.taken.push({ at: current.text.length, reason, text })
      else if (apart && last !== undefined) last.taken.push({ at: last.text.length, reason, text })
      else (current?.taken ?? waiting).push({ at: 0, reason, text })
    },
    anchor(id) {
      if (current === undefined) ids.push(id)
      else current.anchors.push({ id, at: nextOffset(current) })
    },
    link(start, target, superscript) {
      if (current === undefined || current.text.length <= start) return
      current.links.push({ start, end: current.text.length, target, superscript })
    },
    offset: () => (current === undefined ? 0 : nextOffset(current)),
    endBlock() {
      const draft = current
      current = undefined
      if (draft === undefined) return
      if (draft.text === '') {
        waiting = [...draft.taken, ...waiting]
        ids = [...draft.anchors.map(({ id }) => id), ...ids]
        return
      }
      if (draft.kind === 'verse') lines.push(draft)
      else {
        flow.endVerse()
        drafts.push(...resolveLineBreaks(draft))
      }
    },
    endVerse() {
      if (lines.length === 0) return
      // Blocks that have lines inside are stanzas; blocks of one line each are the lines of one stanza.
      const stanzas = lines.some(({ text }) => text.includes('\n')) ? lines : [joinLines(lines)]
      lines = []
      for (const stanza of stanzas)
        drafts.push(
          ...splitAt(stanza, /\n{2,}/g).map((part) => (isSceneBreak(part.text) ? asSceneBreak(part) : part)),
        )
    },
    count: () => drafts.length + lines.length,
    finish() {
      flow.endBlock()
      flow.endVerse()
      const last = drafts.at(-1)
      if (last !== undefined) last.taken.push(...waiting.map((taken) => ({ ...taken, at: last.text.length })))
      drafts.forEach(compose)
      return { drafts, loose: last === undefined ? waiting : [], trailingIds: ids }
    },
  }
  return flow
}

function asSceneBreak(draft: Draft): Draft {
  return Object.assign(draft, { kind: 'scene-break' })
}

/** What `br` means in prose: two make a new paragraph, short lines are verse, long ones paragraphs, all else a space. */
function resolveLineBreaks(draft: Draft): Draft[] {
  if (!draft.text.includes('\n'))
    return [isSceneBreak(draft.text) && draft.level === 0 ? asSceneBreak(draft) : draft]
  if (draft.kind === 'heading') return [spaced(draft)]
  return splitAt(draft, /\n{2,}/g).flatMap((part) => {
    if (isSceneBreak(part.text)) return [asSceneBreak(part)]
    const lengths = part.text.split('\n').map((line) => line.length)
    if (lengths.length < 3) return [spaced(part)]
    if (lengths.every((length) => length <= 60)) return [Object.assign(part, { kind: 'verse' } as const)]
    const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(part.text)
    const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1] as number
    return median >= (cjk ? 15 : 40) ? splitAt(part, /\n/g) : [spaced(part)]
  })
}

function spaced(draft: Draft): Draft {
  draft.text = draft.text.replaceAll('\n', ' ')
  return draft
}

function splitAt(draft: Draft, separator: RegExp): Draft[] {
  if (!draft.text.includes('\n')) return [draft]
  const parts: Draft[] = []
  let start = 0
  for (const match of draft.text.matchAll(separator)) {
    parts.push(slice(draft, start, match.index))
    start = match.index + match[0].length
  }
  return parts.length === 0 ? [draft] : [...parts, slice(draft, start, draft.text.length)]
}
