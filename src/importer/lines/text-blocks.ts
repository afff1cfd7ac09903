import { append, appendLineBreak, type BlockDraft, createDraft, nextOffset } from '../block-draft.ts'
import { normalizeDraft } from '../composed-draft.ts'
import { isSceneBreak } from '../text-breaks.ts'
import { isFullLine, type Layout, type LineGroup } from './line-groups.ts'

/** Longer lines are not verse. */
const longestVerse = 50

/** Turns a group's lines into blocks: a paragraph, a stanza, a scene break, or a paragraph for each line. */
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

/** Verse: at least two lines, all shorter than 50 characters, most of them indented or capitalised. */
function isStanza(group: readonly string[], { width, wrapped, blanks }: Layout): boolean {
  if (!blanks || group.length < 2 || group.some((line) => line.trim().length >= longestVerse)) return false
  if (group.some((line) => /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(line))) return false
  const marked = group.filter((line) => /^\s{2,}|^\s*["“”'‘’«»„_(—-]*\p{Lu}/u.test(line))
  if (marked.length < group.length * 0.6) return false
  // Lines that end where the next word would not have fitted are a wrapped paragraph.
  const full = group.filter((line, index) => isFullLine(line, group[index + 1], width ?? Infinity))
  if (wrapped) return full.length * 2 <= group.length - 1
  // If each line is a paragraph, short lines are dialogue, which ends as sentences do.
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

/** Joins wrapped lines: words broken at a hyphen or dash are kept together, and CJK lines join without a space. */
function unwrapped(group: readonly string[], hyphens: HyphenRule): BlockDraft {
  const draft = createDraft('paragraph')
  group.forEach((line, index) => {
    const text = line.trim()
    const next = (group[index + 1] ?? '').trim()
    if (next !== '' && /[-\u00ad¬]$/.test(text) && hyphens(text, next) === 'drop') {
      append(draft, text.slice(0, -1))
      draft.removed.push({ at: nextOffset(draft), reason: 'line-hyphen', text: text.slice(-1) })
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

/**
 * Whether the hyphen at the end of a line was added by hyphenation (drop) or belongs to the word (keep). Both lines are
 * trimmed.
 */
export type HyphenRule = (line: string, next: string) => 'keep' | 'drop'

/** First halves of English compounds, which keep their hyphen wherever the line ends. */
const compounding = new Set(
  'half self well ill all cross twenty thirty forty fifty sixty seventy eighty ninety'.split(' '),
)

/** A text in which at least this many lines end inside a word was hyphenated automatically. */
const hyphenatedShare = { lines: 3, share: 0.015 }

/**
 * Derives the hyphen rule of a wrapped text from its own words: a word that occurs elsewhere in one piece was
 * hyphenated; one that occurs with its hyphen, or whose two halves are words, keeps it. If neither is known, the hyphen
 * is dropped only in a text with many hyphens at line ends.
 */
export function hyphenRule(lines: readonly string[]): HyphenRule {
  const breaks: { left: string; right: string }[] = []
  lines.forEach((line, index) => {
    const found = partsOf(line.trim(), (lines[index + 1] ?? '').trim())
    if (found !== undefined) breaks.push(found)
  })
  if (breaks.length === 0) return byCharacter
  const counts = countWords(
    lines,
    new Set(breaks.flatMap(({ left, right }) => [left, right, left + right, `${left}-${right}`])),
  )
  const count = (word: string): number => counts.get(word) ?? 0
  const decide = (left: string, right: string): 'keep' | 'drop' | undefined => {
    const [whole, hyphened] = [count(left + right), count(`${left}-${right}`)]
    if (whole !== hyphened) return whole > hyphened ? 'drop' : 'keep'
    if (compounding.has(left)) return 'keep'
    return count(left) > 0 && count(right) > 0 ? 'keep' : undefined
  }
  const decided = breaks.map(({ left, right }) => decide(left, right))
  const kept = decided.filter((each) => each === 'keep').length
  const partsWords =
    breaks.length >= Math.max(hyphenatedShare.lines, lines.length * hyphenatedShare.share) &&
    kept * 2 <= breaks.length
  return (line, next) => {
    const parts = partsOf(line, next)
    if (parts === undefined) return byCharacter(line)
    return decide(parts.left, parts.right) ?? (partsWords ? 'drop' : 'keep')
  }
}

/** Soft hyphens, and the sign that scanners write for them, never belong to a word. */
function byCharacter(line: string): 'keep' | 'drop' {
  return /[\u00ad¬]$/.test(line) ? 'drop' : 'keep'
}

/**
 * The halves of a word broken at a line's end, in lower case. A word with another hyphen (mother-in-law) keeps both.
 */
function partsOf(line: string, next: string): { left: string; right: string } | undefined {
  if (!line.endsWith('-')) return undefined
  const left = /(?:^|[^\p{L}\p{M}-])([\p{L}\p{M}]{1,30})-$/u.exec(line.slice(-40))?.[1]
  const right = /^\p{Ll}[\p{Ll}\p{M}]{0,30}/u.exec(next)?.[0]
  return left === undefined || right === undefined
    ? undefined
    : { left: left.toLowerCase(), right: right.toLowerCase() }
}

/** Counts these words in the text, without the halves at line ends. */
function countWords(lines: readonly string[], wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  let afterHyphen = false
  for (const line of lines) {
    const words = line.toLowerCase().match(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu) ?? []
    const endsInHyphen = line.trimEnd().endsWith('-')
    words.forEach((word, index) => {
      if ((index === 0 && afterHyphen) || (endsInHyphen && index === words.length - 1) || !wanted.has(word))
        return
      counts.set(word, (counts.get(word) ?? 0) + 1)
    })
    afterHyphen = endsInHyphen
  }
  return counts
}
