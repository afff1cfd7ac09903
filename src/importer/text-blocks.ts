import { append, appendLineBreak, normalizeDraft, createDraft, nextOffset, type BlockDraft } from './draft.ts'
import type { HyphenRule } from './line-hyphens.ts'
import { isSceneBreak } from './scene-break.ts'
import { isFullLine, type Layout, type LineGroup } from './text-groups.ts'

/** Longer lines are no verse. */
const longestVerse = 50

/** The lines of a group as blocks: a paragraph, a stanza, a scene break, or a paragraph per line. */
export function blocksOfGroup(
  lines: readonly string[],
  { start, end }: LineGroup,
  layout: Layout,
  hyphens: HyphenRule,
): BlockDraft[] {
  const group = lines.slice(start, end)
  if (group.every((line) => isSceneBreak(line))) return [draftOf('scene-break', group.join(' '))]
  if (isStanza(group, layout)) return [stanza(group)]
  if (layout.wrapped) return [unwrapped(group, hyphens)]
  return group
    .map((line) => draftOf(isSceneBreak(line) ? 'scene-break' : 'paragraph', line))
    .filter(({ text }) => text !== '')
}

export function draftOf(kind: BlockDraft['kind'], text: string, level = 0): BlockDraft {
  const draft = createDraft(kind, level)
  append(draft, text)
  normalizeDraft(draft)
  return draft
}

/** Verse: two lines or more, all shorter than 50 characters, most of them indented or capitalised. */
function isStanza(group: readonly string[], { width, wrapped, blanks }: Layout): boolean {
  if (!blanks || group.length < 2 || group.some((line) => line.trim().length >= longestVerse)) return false
  if (group.some((line) => /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(line))) return false
  const marked = group.filter((line) => /^\s{2,}|^\s*["“”'‘’«»„_(—-]*\p{Lu}/u.test(line))
  if (marked.length < group.length * 0.6) return false
  // Lines that end where the next word would not have fitted are a paragraph.
  const full = group.filter((line, index) => isFullLine(line, group[index + 1], width ?? Infinity))
  if (wrapped) return full.length * 2 <= group.length - 1
  // Where each line is a paragraph, short lines are an exchange of words: those end as sentences do.
  const ended = group.filter((line) => /[.!?…]["“”'‘’«»]*$/.test(line.trim()))
  return ended.length < group.length * 0.6
}

function stanza(group: readonly string[]): BlockDraft {
  const draft = createDraft('verse')
  for (const line of group) {
    append(draft, line.trim())
    appendLineBreak(draft)
  }
  normalizeDraft(draft)
  return draft
}

/** Wrapped lines as one: words broken at a hyphen or dash stay together, and CJK lines join without a space. */
function unwrapped(group: readonly string[], hyphens: HyphenRule): BlockDraft {
  const draft = createDraft('paragraph')
  group.forEach((line, index) => {
    const text = line.trim()
    const next = (group[index + 1] ?? '').trim()
    if (next !== '' && /[-\u00ad¬]$/.test(text) && hyphens(text, next) === 'drop') {
      append(draft, text.slice(0, -1))
      draft.taken.push({ at: nextOffset(draft), reason: 'line-hyphen', text: text.slice(-1) })
      return
    }
    append(draft, next === '' || isGlued(text, next) ? text : `${text} `)
  })
  normalizeDraft(draft)
  return draft
}

function isGlued(before: string, next: string): boolean {
  const last = before.charCodeAt(before.length - 1)
  if (last === 0x2d) return /[\p{L}\p{N}-]-$/u.test(before.slice(-3))
  return last === 0x2014 || (last >= 0x3000 && isUnspaced(before.at(-1)) && isUnspaced(next[0]))
}

function isUnspaced(char: string | undefined): boolean {
  return char !== undefined && /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/.test(char)
}
