import type { Chapter, Evidence } from '../../novel/novel.ts'
import { assembleChapters, type ClassifiedSection } from '../chapters/chapter-assembly.ts'
import type { BlockDraft } from '../block-draft.ts'
import {
  joinTitle,
  longestHeading,
  cutSections,
  joinLeadIns,
  textLength,
  type OutlineEntry,
  type OutlineSection,
} from '../chapters/chapter-outline.ts'
import { roleByTitle, roleByTypes, type MatterRole } from '../chapters/chapter-matter.ts'
import type { Contents } from './contents.ts'
import { chooseOutline } from './publication-outline.ts'
import type { SpineDocument, SpineStream } from './spine-stream.ts'
import { joinHeadingOnly, withSubtitle, hasPictureHeading } from './section-headings.ts'
import { countTitlePageSections } from './title-page.ts'

export interface PublicationChapters {
  readonly chapters: readonly Chapter[]
  readonly evidence: Evidence
  readonly remarks: readonly string[]
}

/** A rule for chapters that stands in the place of the book's contents. */
export interface ChapterRule {
  /** The chapters among the blocks, at least one. */
  outline(drafts: readonly BlockDraft[]): readonly OutlineEntry[]
  /** Weight of a chapter that is not divided; left out: the maximum. */
  readonly longest?: number
}

/** Documents missing in the contents and shorter than this continue the chapter before them. */
const shortDocument = 2_000

/**
 * Cuts the stream into chapters: by the contents, else by headings, else one per document. Unlisted documents belong to
 * the chapter before them, unless one is apparatus and the other story.
 */
export function publicationChapters(
  stream: SpineStream,
  contents: Contents,
  book: { readonly title: string; readonly author: string },
  rule?: ChapterRule,
): PublicationChapters {
  const remarks: string[] = []
  const { drafts, documents } = stream
  const { outline, evidence } = rule
    ? { outline: rule.outline(drafts), evidence: 'headings' as const }
    : chooseOutline(stream, contents, book.title, remarks)
  const landmarks = landmarkTypes(stream, contents)

  const known = new Map<string, MatterRole | undefined>()
  const roleOfSection = (section: OutlineSection): MatterRole | undefined => {
    const key = `${section.start} ${section.end} ${section.title}`
    if (!known.has(key)) known.set(key, readRole(section))
    return known.get(key)
  }
  const readRole = (section: OutlineSection): MatterRole | undefined => {
    const weights = { story: 0, apparatus: 0, unknown: 0 }
    for (let index = section.start; index < section.end; index += 1) {
      const draft = drafts[index]
      if (draft === undefined || draft.omit !== undefined) continue
      const types = [...draft.types, ...(landmarks.get(documentAt(documents, index)?.file ?? '') ?? [])]
      weights[roleByTypes(types) ?? 'unknown'] += draft.text.length + 1
    }
    if (weights.apparatus > weights.story && weights.apparatus >= weights.unknown) return 'apparatus'
    if (weights.story >= weights.unknown && weights.story > 0) return 'story'
    return roleByTitle(section.title ?? headingOf(stream, section) ?? '', book.author)
  }

  const sections = cutSections(outline, drafts.length).flatMap((section) =>
    splitSectionAtDocuments(stream, section, roleOfSection),
  )
  const isApparatus = (section: OutlineSection): boolean => roleOfSection(section) === 'apparatus'
  const filled = sections.filter(({ start, end }) => hasText(drafts, start, end))
  const titlePages = countTitlePageSections(
    filled,
    drafts,
    (section) => roleOfSection(section) === 'story',
    book,
  )
  const titlePage = titlePageOf(filled.slice(0, titlePages))
  const chapters = joinLeadIns(
    joinHeadingOnly(
      sections.filter(({ start }) => start >= (titlePage?.end ?? 0)),
      drafts,
      isApparatus,
    ),
    drafts,
    isApparatus,
  ).map((section) => withSubtitle(section, drafts))
  const joined = titlePage === undefined ? chapters : [titlePage, ...chapters]
  const classified = joined.map((section, index): ClassifiedSection => {
    if (section === titlePage || section.start >= stream.linearEnd) return { ...section, role: 'apparatus' }
    const untitled = section.title === undefined && index < joined.length - 1 && evidence !== 'spine'
    const short = untitled && textLength(drafts, section.start, section.end) < shortDocument
    const role = roleOfSection(section) ?? (short ? 'apparatus' : 'story')
    const listed = (evidence === 'nav' || evidence === 'ncx') && role === 'story'
    return listed && hasPictureHeading(section, drafts, book.title)
      ? { ...section, role, pictureHeading: true }
      : { ...section, role }
  })
  return {
    chapters: withDistinctTitles(assembleChapters(classified, drafts, book.title, rule?.longest)),
    evidence,
    remarks,
  }
}

/** Numbers chapters that share a title within a part, except the first. */
function withDistinctTitles(chapters: readonly Chapter[]): Chapter[] {
  const counts = new Map<string, number>()
  return chapters.map((chapter) => {
    const name = `${chapter.part ?? ''}\n${chapter.title}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? chapter : { ...chapter, title: `${chapter.title} (${count})` }
  })
}

function titlePageOf(sections: readonly OutlineSection[]): OutlineSection | undefined {
  const [first] = sections
  return first && { ...first, start: 0, end: sections.at(-1)?.end ?? first.end }
}

/** Whether any draft in the range belongs to the book's text. */
function hasText(drafts: readonly BlockDraft[], start: number, end: number): boolean {
  for (let index = start; index < end; index += 1)
    if (drafts[index]?.text !== '' && drafts[index]?.omit === undefined) return true
  return false
}

/** Semantic types that landmarks and guide assign to whole documents. */
function landmarkTypes(
  { position, documents }: SpineStream,
  { landmarks }: Contents,
): ReadonlyMap<string, string[]> {
  const types = new Map<string, string[]>()
  const byFile = new Map(documents.map((document) => [document.file, document]))
  for (const { type, target } of landmarks) {
    const document = byFile.get(target.file)
    if (document === undefined || position(target) !== document.start) continue
    types.set(target.file, [...(types.get(target.file) ?? []), type])
  }
  return types
}

/** Splits a section at documents that cannot belong to what precedes them. */
function splitSectionAtDocuments(
  stream: SpineStream,
  section: OutlineSection,
  roleOf: (section: OutlineSection) => MatterRole | undefined,
): OutlineSection[] {
  const inside: SpineDocument[] = []
  for (
    let index = indexOfDocument(stream.documents, section.start);
    index < stream.documents.length;
    index += 1
  ) {
    const document = stream.documents[index]!
    if (document.start >= section.end) break
    if (document.start > section.start) inside.push(document)
  }
  let current: OutlineSection = section
  let before = roleOf({ ...section, end: inside[0]?.start ?? section.end })
  const sections: OutlineSection[] = []
  for (const { start, end } of inside) {
    const part: OutlineSection = {
      start,
      end: Math.min(end, section.end),
      title: undefined,
      parts: [],
      parent: false,
    }
    const role = roleOf(part)
    const differs =
      role === 'apparatus'
        ? before !== 'apparatus'
        : before === 'apparatus' &&
          (role === 'story' || textLength(stream.drafts, start, part.end) >= shortDocument)
    // Before the first entry of the contents, and outside the linear text, every document is a section of its own.
    if (!differs && section.title !== undefined && start < stream.linearEnd) continue
    sections.push({ ...current, end: start })
    current = { ...part, end: section.end }
    before = role
  }
  return [...sections, current]
}

function documentAt(documents: readonly SpineDocument[], index: number): SpineDocument | undefined {
  return documents[indexOfDocument(documents, index)]
}

/** The index of the document that contains a draft. */
function indexOfDocument(documents: readonly SpineDocument[], index: number): number {
  let low = 0
  let high = Math.max(documents.length - 1, 0)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((documents[middle]?.start ?? 0) <= index) low = middle
    else high = middle - 1
  }
  return low
}

/** The headings at the start of a section, else the title of its document. */
function headingOf({ drafts, documents }: SpineStream, section: OutlineSection): string | undefined {
  const texts: string[] = []
  const end = Math.min(section.end, section.start + longestHeading)
  for (let index = section.start; index < end && drafts[index]?.kind === 'heading'; index += 1)
    texts.push(drafts[index]?.text ?? '')
  return texts.length > 0 ? joinTitle(texts) : documentAt(documents, section.start)?.title
}
