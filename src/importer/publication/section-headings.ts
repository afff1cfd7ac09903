import type { BlockDraft } from '../block-draft.ts'
import { joinTitle, type OutlineSection } from '../chapters/chapter-outline.ts'
import { readHeadingLine } from '../headings/heading-line.ts'

/** Maximum UTF-16 units of a joined title. */
const longestTitle = 300

/**
 * Joins sections that consist only of headings to the section that follows: `CHAPTER I` listed apart from its title
 * begins that chapter, `PART ONE` becomes the part of the chapters up to the next part. Sections for which
 * `standsAlone` is true are not joined to.
 */
export function joinHeadingOnly(
  sections: readonly OutlineSection[],
  drafts: readonly BlockDraft[],
  standsAlone: (section: OutlineSection) => boolean,
): OutlineSection[] {
  const joined: OutlineSection[] = []
  let pending: OutlineSection | undefined
  let part: { readonly title: string; readonly depth: number } | undefined
  for (const [index, section] of sections.entries()) {
    const next = sections[index + 1]
    const depth = section.parts.length
    if (part !== undefined && depth < part.depth) part = undefined
    if (
      next !== undefined &&
      next.parts.length === depth &&
      isHeadingOnly(section, drafts) &&
      !standsAlone(section) &&
      !standsAlone(next)
    ) {
      if (kindOf(section) === 'part' && kindOf(next) !== 'part') {
        part = { title: section.title ?? '', depth }
        pending = { ...section, start: pending?.start ?? section.start, title: pending?.title }
      } else
        pending = {
          ...section,
          start: pending?.start ?? section.start,
          title: joinTitle([pending?.title ?? '', section.title ?? '']).slice(0, longestTitle),
        }
      continue
    }
    if (kindOf(section) === 'part') part = undefined
    const parts =
      part !== undefined && part.depth === depth && part.title !== ''
        ? [...section.parts, part.title]
        : section.parts
    joined.push({
      ...section,
      parts,
      ...(pending !== undefined && { start: pending.start, title: titleOf(pending, section) }),
    })
    pending = undefined
  }
  return joined
}

function titleOf(pending: OutlineSection, section: OutlineSection): string | undefined {
  if (pending.title === undefined || pending.title === '') return section.title
  // A chapter that has a heading of its own needs no other before it.
  if (kindOf(section) === 'chapter' && kindOf(pending) !== 'chapter') return section.title
  return joinTitle([pending.title, section.title ?? ''].filter((title) => title !== ''))
}

function kindOf({ title }: OutlineSection): 'chapter' | 'part' | 'special' | undefined {
  return readHeadingLine(title ?? '')?.kind
}

function isHeadingOnly({ start, end }: OutlineSection, drafts: readonly BlockDraft[]): boolean {
  let headings = 0
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (draft.omit !== undefined || draft.kind === 'scene-break') continue
    if (draft.kind !== 'heading') return false
    headings += 1
  }
  return headings > 0
}

/** Extends a bare title such as `CHAPTER II.` by the title in the heading below. */
export function withSubtitle(section: OutlineSection, drafts: readonly BlockDraft[]): OutlineSection {
  const { title, start, end } = section
  if (title === undefined || readHeadingLine(title)?.bare !== true) return section
  const own = drafts.slice(start, Math.min(end, start + 8)).filter(({ omit }) => omit === undefined)
  const at = own.findIndex(({ kind, text }) => kind === 'heading' && plain(text) === plain(title))
  const below = own[at + 1]
  if (
    at < 0 ||
    below?.kind !== 'heading' ||
    below.text.length > 120 ||
    readHeadingLine(below.text) !== undefined
  )
    return section
  return { ...section, title: joinTitle([title, below.text]) }
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/**
 * Whether a chapter begins with a picture in place of its heading, so that only the contents know its words: a picture
 * in a heading, or above the first line of a chapter without a heading.
 */
export function hasPictureHeading(
  { title, start, end }: OutlineSection,
  drafts: readonly BlockDraft[],
  novel: string,
): boolean {
  if (title === undefined || plainLetters(title) === '' || plainLetters(title) === plainLetters(novel))
    return false
  let picture = false
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (draft.omit !== undefined || draft.note) continue
    if (draft.kind === 'scene-break') continue
    if (draft.kind === 'heading' && draft.text !== '') return false
    picture ||=
      draft.kind === 'heading' || draft.removed.some(({ reason, at }) => reason === 'image' && at === 0)
    if (draft.text !== '') return picture && !repeatsTitle(draft.text, title)
  }
  return false
}

/** Whether the first line states the title in other words. */
function repeatsTitle(text: string, title: string): boolean {
  const [plainText, listed] = [plainLetters(text), plainLetters(title)]
  return plainText.startsWith(listed) || (text.length < 100 && listed.includes(plainText))
}

function plainLetters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
