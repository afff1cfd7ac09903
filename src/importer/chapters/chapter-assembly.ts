import type { Skip, Chapter } from '../../novel/novel.ts'
import type { BlockContainer } from '../../novel/book-layout.ts'
import type { BlockDraft, DraftContainer, RemovedText } from '../block-draft.ts'
import type { TracedBlock } from '../clean-text.ts'
import { shortTitle } from '../title-text.ts'
import { joinTitle, longestHeading, type OutlineSection } from './chapter-outline.ts'
import { divideLongChapters } from './long-chapters.ts'
import type { MatterRole } from './chapter-matter.ts'

export type ClassifiedSection = OutlineSection & {
  readonly role: MatterRole
  /** Whether the heading is a picture, so that the title is spoken in its place. */
  readonly pictureHeading?: boolean
}

/**
 * Turns sections into chapters, in order. Sections without text are dropped (their skips move to the next chapter);
 * oversized ones are divided. Notes inside a chapter become skips where they stood; a chapter that has only notes keeps
 * them as its text. `longest`: weight of a chapter that is not divided; left out: the maximum.
 */
export function assembleChapters(
  sections: readonly ClassifiedSection[],
  drafts: readonly BlockDraft[],
  novelTitle: string,
  longest?: number,
): Chapter[] {
  const chapters: { chapter: Omit<Chapter, 'matter'>; role: MatterRole }[] = []
  const containers = containerIds()
  let pendingSkips: Skip[] = []
  for (const { start, end, title, parts, role, pictureHeading } of sections) {
    const own = drafts.slice(start, end)
    const { blocks, skips } =
      pictureHeading === true
        ? withHeading(title ?? '', blocksOf(own, containers))
        : blocksOf(own, containers)
    if (!blocks.some(({ text }) => text !== '')) {
      pendingSkips.push(...skips)
      continue
    }
    const above = parts.filter((part) => !sameTitle(part, novelTitle))
    chapters.push({
      chapter: {
        title: shortTitle(withoutUnderlines(title === undefined || title === '' ? titleFrom(blocks) : title)),
        ...(above.length === 0 ? {} : { part: shortTitle(above.join(' · ')) }),
        blocks,
        skips: [...pendingSkips.map((skip) => ({ ...skip, block: 0, start: 0, end: 0 })), ...skips],
      },
      role,
    })
    pendingSkips = []
  }
  const last = chapters.at(-1)?.chapter
  if (last !== undefined && pendingSkips.length > 0) {
    const block = last.blocks.length - 1
    const end = last.blocks[block]?.text.length ?? 0
    chapters.at(-1)!.chapter = {
      ...last,
      skips: [...last.skips, ...pendingSkips.map((skip) => ({ ...skip, block, start: end, end }))],
    }
  }
  const lastStory = chapters.findLastIndex(({ role }) => role === 'story')
  const found = chapters.map(({ chapter, role }, index): Chapter => {
    // A book that has only apparatus is still a book: all of it is body.
    if (role === 'story' || lastStory < 0) return { ...chapter, matter: 'body' }
    return { ...chapter, matter: index > lastStory || index > chapters.length / 2 ? 'back' : 'front' }
  })
  return divideLongChapters(found, longest)
}

/** Inserts the words of a picture heading as a heading block before its text. */
function withHeading(
  title: string,
  { blocks, skips }: { readonly blocks: TracedBlock[]; readonly skips: Skip[] },
): { blocks: TracedBlock[]; skips: Skip[] } {
  return {
    blocks: [{ kind: 'heading', text: title }, ...blocks],
    skips: skips.map((skip) => ({ ...skip, block: skip.block + 1 })),
  }
}

/** Gives each list, quotation and table its number, across the chapters. */
function containerIds(): (within: readonly DraftContainer[]) => BlockContainer[] {
  const known = new Map<object, number>()
  return (within) =>
    within.map(({ of, ...container }) => {
      const id = known.get(of) ?? known.size + 1
      known.set(of, id)
      return { ...container, id }
    })
}

function blocksOf(
  drafts: readonly BlockDraft[],
  containers: ReturnType<typeof containerIds>,
): { blocks: TracedBlock[]; skips: Skip[] } {
  const onlyNotes = !drafts.some(
    ({ note, omit, kind, text }) => !note && omit === undefined && kind !== 'heading' && text !== '',
  )
  const blocks: TracedBlock[] = []
  const skips: Skip[] = []
  let pending: Omit<Skip, 'block' | 'start' | 'end'>[] = []
  /** Adds a skip for source text after the last block so far, or before the first. */
  const addSkip = (skip: Omit<Skip, 'block' | 'start' | 'end'>): void => {
    const block = blocks.length - 1
    const at = blocks[block]?.text.length
    if (at === undefined) pending.push(skip)
    else skips.push({ block, start: at, end: at, ...skip })
  }
  const lastText = drafts.findLastIndex(
    ({ text, note, omit }) => text !== '' && omit === undefined && (onlyNotes || !note),
  )
  drafts.forEach((draft, index) => {
    const { kind, text, removed, trace, file, readings, marks, within, anchor, lang } = draft
    const omitted = draft.omit ?? (draft.note && !onlyNotes ? 'note' : undefined)
    // A rule at either end of a chapter, or after another rule, separates nothing.
    const isRedundant =
      text === '' &&
      (kind === 'heading' ||
        blocks.length === 0 ||
        (blocks.at(-1)?.kind !== 'paragraph' && blocks.at(-1)?.kind !== 'verse') ||
        index > lastText)
    if (omitted !== undefined || isRedundant) {
      if (omitted !== undefined && text !== '') addSkip({ reason: omitted, text })
      for (const one of removed) addSkip(skipOf(one))
      return
    }
    const block = blocks.length
    blocks.push({
      kind,
      text,
      ...(readings.length > 0 && { readings }),
      ...(marks.length > 0 && { marks }),
      ...(within.length > 0 && { within: containers(within) }),
      ...(anchor !== undefined && { anchor }),
      ...(lang !== undefined && { lang }),
      ...(trace !== undefined && file !== undefined && { trace, file }),
    })
    skips.push(...pending.map((skip) => ({ block, start: 0, end: 0, ...skip })))
    pending = []
    for (const one of removed) skips.push({ block, start: one.at, end: one.at, ...skipOf(one) })
  })
  return { blocks, skips: [...skips, ...pending.map((skip) => ({ block: 0, start: 0, end: 0, ...skip }))] }
}

function skipOf({ reason, text, note, image }: RemovedText): Omit<Skip, 'block' | 'start' | 'end'> {
  return {
    reason,
    ...(text !== '' && { text }),
    ...(note !== undefined && { note }),
    ...(image !== undefined && { image }),
  }
}

/** `THE STORM--_continued_`: removes the underscores that mark italics in plain text. */
function withoutUnderlines(title: string): string {
  return title.includes('_')
    ? title.replaceAll(/(?<![\p{L}\p{N}_])_([^_]{1,200})_(?![\p{L}\p{N}_])/gu, '$1')
    : title
}

/** The headings at the beginning of a chapter, else its first words. */
function titleFrom(blocks: readonly TracedBlock[]): string {
  const first = blocks.findIndex(({ kind }) => kind !== 'heading')
  const headings = blocks.slice(0, first < 0 ? blocks.length : first)
  if (headings.length > 0) return joinTitle(headings.slice(0, longestHeading).map(({ text }) => text))
  const words =
    blocks.find(({ text, kind }) => text !== '' && kind !== 'scene-break')?.text.replaceAll('\n', ' ') ?? ''
  return words.length <= 60 ? words : `${words.slice(0, 60).replace(/\s+\S*$/, '')}…`
}

function sameTitle(a: string, b: string): boolean {
  return plainTitle(a) === plainTitle(b)
}

function plainTitle(title: string): string {
  return title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
