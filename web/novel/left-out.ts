import { plural, t } from '@lingui/core/macro'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { figure } from '../element/figure-words.ts'

type Skip = Chapter['skips'][number]

/** `12 note marks` for `note-reference`; a reason that this page does not know is told as it is. */
function countedReason(reason: string, count: number): string {
  switch (reason) {
    case 'note-reference':
      return plural(count, { one: '# note mark', other: '# note marks' })
    case 'note':
      return plural(count, { one: '# note', other: '# notes' })
    case 'page-number':
      return plural(count, { one: '# page number', other: '# page numbers' })
    case 'ruby':
      return plural(count, { one: '# reading aid', other: '# reading aids' })
    case 'scene-break':
      return plural(count, { one: '# scene break', other: '# scene breaks' })
    case 'unspeakable':
      return plural(count, { one: '# line without words', other: '# lines without words' })
    case 'image':
      return plural(count, { one: '# picture', other: '# pictures' })
    case 'table-of-contents':
      return plural(count, { one: '# table of contents', other: '# tables of contents' })
    case 'frame':
      return plural(count, {
        one: '# publisher’s notice or licence',
        other: '# publisher’s notices or licences',
      })
    case 'title-page':
      return plural(count, { one: '# title page', other: '# title pages' })
    case 'advertisement':
      return plural(count, { one: '# line of a website', other: '# lines of a website' })
    case 'end-mark':
      return plural(count, { one: '# “end of chapter” line', other: '# “end of chapter” lines' })
    case 'markup':
      return plural(count, { one: '# piece of code', other: '# pieces of code' })
    case 'hidden':
      return plural(count, { one: '# text that the book hides', other: '# texts that the book hides' })
    case 'line-hyphen':
      return plural(count, { one: '# hyphen at a line’s end', other: '# hyphens at lines’ ends' })
    default:
      return `${figure(count)} ${reason}`
  }
}

/** Why a text of its own was left out. The other reasons are of marks, which are nothing when read alone. */
function whys(): Partial<Readonly<Record<Skip['reason'], string>>> {
  return {
    note: t`Read aloud where it stands, it would interrupt the story.`,
    image: t`The words describe a picture.`,
    'table-of-contents': t`It lists the chapters and tells nothing of the story.`,
    frame: t`Who published the file speaks here, not the author.`,
    'title-page': t`It tells the title again.`,
    advertisement: t`A website speaks here for itself, not the author.`,
    'end-mark': t`It tells only that the chapter ends.`,
    markup: t`It looks like code of the file, not like text.`,
    hidden: t`The book itself does not show it to readers.`,
  }
}

/** `note mark` for `note-reference`. */
export function skipWords(reason: string): string {
  const words: Readonly<Record<string, string>> = {
    'note-reference': t`note mark`,
    note: t`note`,
    'page-number': t`page number`,
    ruby: t`reading aid`,
    'scene-break': t`scene break`,
    unspeakable: t`line without words`,
    image: t`picture`,
    'table-of-contents': t`table of contents`,
    frame: t`publisher’s notice or licence`,
    'title-page': t`title page`,
    advertisement: t`line of a website`,
    'end-mark': t`“end of chapter” line`,
    markup: t`piece of code`,
    hidden: t`text that the book hides`,
    'line-hyphen': t`hyphen at a line’s end`,
  }
  return words[reason] ?? reason
}

/** A sentence that says why texts of this reason are left out; empty for marks. */
export function whyLeftOut(reason: Skip['reason']): string {
  return whys()[reason] ?? ''
}

/** Whether a skip holds a text of its own, so that it makes sense to have it read aloud. */
export function holdsText({ start, end, reason, image, text = '' }: Skip): boolean {
  // An image is shown itself.
  if (start !== end || image !== undefined || whys()[reason] === undefined) return false
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
    .map(([reason, count]) => countedReason(reason, count))
    .join(', ')
}
