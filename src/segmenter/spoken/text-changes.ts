import type { BlockKind } from '../../novel/novel.ts'
import type { Edit } from '../../novel/segment.ts'
import type { LanguageRules } from '../language-rules.ts'

/** The input of a rule: the source of one segment and its context. */
export interface Passage {
  readonly text: string
  readonly language: LanguageRules
  readonly kind: BlockKind
}

/** A range `[start, end)` of a segment's source to be spoken as `spoken`; an empty `spoken` removes it. */
export interface Change {
  readonly start: number
  readonly end: number
  readonly spoken: string
}

/** The engine's input, and for each replaced range the source characters that it stands for. */
export interface SpokenText {
  readonly spoken: string
  readonly edits: readonly Edit[]
}

/** Adds a change unless an earlier one, from a more specific rule, overlaps the range. */
export function addChange(changes: Change[], start: number, end: number, spoken: string): void {
  for (const other of changes) if (start < other.end && end > other.start) return
  changes.push({ start, end, spoken })
}

/** The spoken form of each match of a global pattern; `undefined` leaves it to later rules. */
export type Rule = readonly [pattern: RegExp, say: string | ((match: RegExpExecArray) => string | undefined)]

/** The word directly before a match at `at`, in small letters; '' if none of at most 20 characters stands there. */
export function wordBefore(text: string, at: number): string {
  return /(?<!\p{L})(\p{L}+)\s$/u.exec(text.slice(Math.max(0, at - 20), at))?.[1]?.toLowerCase() ?? ''
}

/** Adds the changes of several rules; earlier rules take precedence. */
export function applyRules(changes: Change[], text: string, rules: readonly Rule[]): void {
  for (const [pattern, say] of rules) addChanges(changes, text, pattern, say)
}

/** Adds a change for each match of a global `pattern`; if `say` returns `undefined`, the match is not changed. */
export function addChanges(
  changes: Change[],
  text: string,
  pattern: RegExp,
  say: string | ((match: RegExpExecArray) => string | undefined),
): void {
  // `matchAll` would copy the pattern and create an iterator for each sentence: a third of the total time.
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const spoken = typeof say === 'string' ? say : say(match)
    if (spoken !== undefined) addChange(changes, match.index, match.index + match[0].length, spoken)
    if (match[0] === '') pattern.lastIndex++
  }
}

/**
 * Applies the changes. Any run of white space becomes one space, also around removed text; the spoken text is trimmed.
 */
export function applyChanges(source: string, changes: readonly Change[]): SpokenText {
  const edits: [number, number, number, number][] = []
  let spoken = ''
  const put = (start: number, end: number, words: string): void => {
    const last = edits.at(-1)
    const deletions = last && words === '' && last[2] === last[3]
    if (deletions && last[1] === start && last[3] === spoken.length) last[1] = end
    else edits.push([start, end, spoken.length, spoken.length + words.length])
    spoken += words
  }
  const spaced = () => spoken === '' || spoken.endsWith(' ')
  const copy = (start: number, end: number): void => {
    let from = start
    for (const { index, 0: found } of source.slice(start, end).matchAll(/\s+/g)) {
      spoken += source.slice(from, start + index)
      from = start + index + found.length
      if (found === ' ' && !spaced()) spoken += found
      else put(start + index, from, spaced() ? '' : ' ')
    }
    spoken += source.slice(from, end)
  }
  let at = 0
  for (const { start, end, spoken: words } of [...changes].sort((a, b) => a.start - b.start)) {
    copy(at, start)
    put(start, end, spaced() ? words.trimStart() : words)
    at = end
  }
  copy(at, source.length)
  return trimEnd(source.length, spoken, edits)
}

/** Removes the spaces at the end of the spoken text, and adjusts the edits. */
function trimEnd(sourceLength: number, text: string, edits: [number, number, number, number][]): SpokenText {
  const spoken = text.trimEnd()
  let last = edits.at(-1)
  while (last && last[3] > spoken.length && last[2] >= spoken.length) {
    edits.pop()
    last = edits.at(-1)
  }
  if (last && last[3] > spoken.length) last[3] = spoken.length
  const from = spoken.length + (last ? last[1] - last[3] : 0)
  if (from >= sourceLength) return { spoken, edits }
  if (last && last[1] === from && last[2] === last[3]) last[1] = sourceLength
  else edits.push([from, sourceLength, spoken.length, spoken.length])
  return { spoken, edits }
}
