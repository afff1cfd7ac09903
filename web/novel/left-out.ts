import { counted } from '../element/figure-words.ts'

const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'note-reference': ['note mark', 'note marks'],
  note: ['note', 'notes'],
  'page-number': ['page number', 'page numbers'],
  ruby: ['reading aid', 'reading aids'],
  'scene-break': ['scene break', 'scene breaks'],
  unspeakable: ['line without words', 'lines without words'],
  image: ['picture', 'pictures'],
  'table-of-contents': ['table of contents', 'tables of contents'],
  frame: ['frame of the edition', 'frames of the edition'],
  'title-page': ['title page', 'title pages'],
  advertisement: ['line of a site', 'lines of a site'],
  'end-mark': ['end mark', 'end marks'],
  markup: ['sign of markup', 'signs of markup'],
  hidden: ['hidden text', 'hidden texts'],
  'line-hyphen': ['hyphen at a line’s end', 'hyphens at lines’ ends'],
}

/** `note mark` for `note-reference`. */
export function skipWords(reason: string): string {
  return nouns[reason]?.[0] ?? reason
}

/** `12 note marks, 3 pictures`, the most first; empty when nothing was left out. */
export function leftOutWords(skipped: Readonly<Record<string, number>>): string {
  return Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => counted(count, ...(nouns[reason] ?? [reason, reason])))
    .join(', ')
}
