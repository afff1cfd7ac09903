import type { Match } from './folding.ts'

/** A piece of text around a hit; `start` and `end` are the hit's UTF-16 offsets in `text`. */
export interface Snippet {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** UTF-16 units before a hit, and after its begin, at most. */
const before = 60
const after = 120

/** The hit with what stands around it in its block, cut between words where there are any. Lines are joined. */
export function snippetOf(block: string, { start, end }: Match): Snippet {
  const from = start <= before ? 0 : firstWord(block, start - before, start)
  const longest = Math.max(end, start + after)
  const to = block.length <= longest ? block.length : lastWord(block, longest, end)
  const lead = from > 0 ? '…' : ''
  const text = `${lead}${block.slice(from, to).replaceAll('\n', ' ')}${to < block.length ? '…' : ''}`
  const shift = lead.length - from
  return { text, start: start + shift, end: end + shift }
}

/** The begin of the first word in `[from, to)`; in a script without spaces that of the first character. */
function firstWord(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) if (/\s/u.test(text.charAt(at))) return at + 1
  return isLowSurrogate(text, from) ? from + 1 : from
}

/** Likewise the end of the last word, which is not before `end`. */
function lastWord(text: string, from: number, end: number): number {
  for (let at = from; at > end; at--) if (/\s/u.test(text.charAt(at))) return at
  return from > end && isLowSurrogate(text, from) ? from - 1 : from
}

function isLowSurrogate(text: string, at: number): boolean {
  return /[\udc00-\udfff]/u.test(text.charAt(at))
}
