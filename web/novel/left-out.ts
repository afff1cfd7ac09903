import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { counted } from '../element/figure-words.ts'

type Skip = Chapter['skips'][number]

const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'note-reference': ['note mark', 'note marks'],
  note: ['note', 'notes'],
  'page-number': ['page number', 'page numbers'],
  ruby: ['reading aid', 'reading aids'],
  'scene-break': ['scene break', 'scene breaks'],
  unspeakable: ['line without words', 'lines without words'],
  image: ['picture', 'pictures'],
  'table-of-contents': ['table of contents', 'tables of contents'],
  frame: ['publisher’s notice or licence', 'publisher’s notices or licences'],
  'title-page': ['title page', 'title pages'],
  advertisement: ['line of a website', 'lines of a website'],
  'end-mark': ['“end of chapter” line', '“end of chapter” lines'],
  markup: ['piece of code', 'pieces of code'],
  hidden: ['text that the book hides', 'texts that the book hides'],
  'line-hyphen': ['hyphen at a line’s end', 'hyphens at lines’ ends'],
}

/** Why a text of its own was left out. The other reasons are of marks, which are nothing when read alone. */
const whys: Partial<Readonly<Record<Skip['reason'], string>>> = {
  note: 'Read aloud where it stands, it would interrupt the story.',
  image: 'The words describe a picture.',
  'table-of-contents': 'It lists the chapters and tells nothing of the story.',
  frame: 'Who published the file speaks here, not the author.',
  'title-page': 'It tells the title again.',
  advertisement: 'A website speaks here for itself, not the author.',
  'end-mark': 'It tells only that the chapter ends.',
  markup: 'It looks like code of the file, not like text.',
  hidden: 'The book itself does not show it to readers.',
}

/** `note mark` for `note-reference`. */
export function skipWords(reason: string): string {
  return nouns[reason]?.[0] ?? reason
}

/** A sentence that says why texts of this reason are left out; empty for marks. */
export function whyLeftOut(reason: Skip['reason']): string {
  return whys[reason] ?? ''
}

/** Whether a skip holds a text of its own, so that it makes sense to have it read aloud. */
export function holdsText({ start, end, reason, text = '' }: Skip): boolean {
  if (start !== end || whys[reason] === undefined) return false
  if (reason !== 'markup' && reason !== 'image') return /\p{L}/u.test(text)
  // Tags, targets of links, and the picture of an initial are no texts: two words are, or two letters without case.
  const words = text.replaceAll(/<[^>]*>|&#?\w+;|\]\([^)]*\)|\w+:\S+/g, '')
  return /\p{L}\P{L}+\p{L}|\p{Lo}{2}/u.test(words)
}

/** `12 note marks, 3 pictures`, the most first; empty when nothing was left out. */
export function leftOutWords(skipped: Readonly<Record<string, number>>): string {
  return Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => counted(count, ...(nouns[reason] ?? [reason, reason])))
    .join(', ')
}
