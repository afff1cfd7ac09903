import type { SkipReason } from '../novel/block.ts'
import { removeRanges, type BlockDraft } from './draft.ts'

interface Range {
  readonly start: number
  readonly end: number
  readonly reason: SkipReason
}

/** A link or picture with its address; a note's call; an address in angle brackets. All parts are bounded. */
const inlineLink =
  /(!?)\[([^[\]]{0,300})\]\((?:[^()\s]|\([^()\s]{0,100}\)){0,500}(?:\s+["'][^"'\n]{0,200}["'])?\)|\[\^[\w-]{1,40}\]|<https?:\/\/[^<>\s]{1,500}>/g
const inlineMark = /\\[\\`*_{}[\]()#+.!~>-]|\*{1,3}|_{1,3}|~~|`{1,3}/g

/** Takes the signs of Markdown out of a block: emphasis, links (their words stay), pictures, calls of notes, escapes. */
export function removeMarkdown(draft: BlockDraft): void {
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

/** Signs that come in pairs around words, and backslashes before signs, outside of what is taken already. */
function emphasis(text: string, taken: readonly Range[]): Range[] {
  const open = new Map<string, Range>()
  const found: Range[] = []
  let next = 0
  for (const { 0: mark, index } of text.matchAll(inlineMark)) {
    while ((taken[next]?.end ?? Infinity) <= index) next += 1
    if (index >= (taken[next]?.start ?? Infinity)) continue
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
