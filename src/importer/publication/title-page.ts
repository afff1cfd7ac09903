import type { BlockDraft } from '../block-draft.ts'
import { readHeadingLine } from '../headings/heading-line.ts'
import { textLength, type OutlineSection } from '../chapters/chapter-outline.ts'

/** A title page has short lines; longer text is prose. */
const longestTitlePage = 1_500
const longestTitleLine = 200

/**
 * The number of sections at the start of a book that are its title page: the lines of a title (`THE MILL`, `OR`, `A
 * TALE OF WATER`, `By A. Writer`), which contents generated from headings list one by one. The first must contain the
 * book's title or author.
 */
export function countTitlePageSections(
  sections: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  isStory: (section: OutlineSection) => boolean,
  book: { readonly title: string; readonly author: string },
): number {
  let count = 0
  let named = false
  for (const section of sections) {
    const texts = textsOf(section, drafts)
    if (
      section.parts.some((part) => !namesBook(part, book)) ||
      isStory(section) ||
      beginsStory([section.title ?? '', ...texts])
    )
      break
    if (textLength(drafts, section.start, section.end) > longestTitlePage || texts.some(isProse)) break
    named ||= [section.title ?? '', ...texts].some((text) => namesBook(text, book))
    if (!named && texts.length > 0) break
    count += 1
  }
  // A book that has only short lines is still a book.
  return count < sections.length ? count : 0
}

function textsOf({ start, end }: OutlineSection, drafts: readonly BlockDraft[]): string[] {
  return drafts
    .slice(start, end)
    .filter(({ text, note, omit }) => text !== '' && !note && omit === undefined)
    .map(({ text }) => text)
}

function beginsStory(texts: readonly string[]): boolean {
  return texts.some((text) => readHeadingLine(text.replaceAll('\n', ' ')) !== undefined)
}

function isProse(text: string): boolean {
  if (text.length > longestTitleLine) return true
  const words = text.split(/\s+/).length
  return /[.!?…。！？]["”’»」』)]*$/.test(text) && (words >= 8 || /[。！？]/.test(text))
}

function namesBook(
  text: string,
  { title, author }: { readonly title: string; readonly author: string },
): boolean {
  const plainText = plain(text)
  if (plainText === '') return false
  return (
    plainText === plain(title) ||
    (plainText.length > 3 && plain(title).startsWith(plainText)) ||
    (author !== '' && plainText.includes(plain(author)) && text.length <= longestTitleLine)
  )
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
