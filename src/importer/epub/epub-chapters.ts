import type { Chapter, Evidence } from '../../novel/novel.ts'
import { assembleChapters, type ClassifiedSection } from '../chapters/chapter-assembly.ts'
import type { BlockDraft } from '../block-draft.ts'
import type { Contents } from './epub-contents.ts'
import { chooseOutline } from './epub-outline.ts'
import type { SpineDocument, SpineStream } from './epub-spine.ts'
import { joinHeadingOnly, withSubtitle, hasPictureHeading } from './epub-headings.ts'
import {
  joinTitle,
  longestHeading,
  cutSections,
  joinLeadIns,
  textLength,
  type OutlineSection,
} from '../chapters/chapter-outline.ts'
import { roleByTitle, roleByTypes, type MatterRole } from '../chapters/chapter-matter.ts'
import { countTitlePageSections } from './epub-title-page.ts'

export interface EpubChapters {
  readonly chapters: readonly Chapter[]
  readonly evidence: Evidence
  readonly remarks: readonly string[]
}

/** Documents missing in the contents and shorter than this continue the chapter before them. */
const shortDocument = 2_000

/**
 * Cuts the stream into chapters: by the contents, else by headings, else one per document. Unlisted documents belong to
 * the chapter before them, unless one is apparatus and the other story.
 */
export function epubChapters(
  stream: SpineStream,
  contents: Contents,
  book: { readonly title: string; readonly author: string },
): EpubChapters {
  const remarks: string[] = []
  const { drafts, documents } = stream
  const { outline, evidence } = chooseOutline(stream, contents, book.title, remarks)
  const landmarks = landmarkTypes(stream, contents)

  const known = new Map<string, MatterRole | undefined>()
  const roleOfSection = (piece: OutlineSection): MatterRole | undefined => {
    const key = `${piece.start} ${piece.end} ${piece.title}`
    if (!known.has(key)) known.set(key, readRole(piece))
    return known.get(key)
  }
  const readRole = (piece: OutlineSection): MatterRole | undefined => {
    const weights = { story: 0, apparatus: 0, unknown: 0 }
    for (let index = piece.start; index < piece.end; index += 1) {
      const draft = drafts[index]
      if (draft === undefined || draft.omit !== undefined) continue
      const types = [...draft.types, ...(landmarks.get(documentAt(documents, index)?.file ?? '') ?? [])]
      weights[roleByTypes(types) ?? 'unknown'] += draft.text.length + 1
    }
    if (weights.apparatus > weights.story && weights.apparatus >= weights.unknown) return 'apparatus'
    if (weights.story >= weights.unknown && weights.story > 0) return 'story'
    return roleByTitle(piece.title ?? headingOf(stream, piece) ?? '', book.author)
  }

  const pieces = cutSections(outline, drafts.length).flatMap((piece) =>
    splitSectionAtDocuments(stream, piece, roleOfSection),
  )
  const isApparatus = (piece: OutlineSection): boolean => roleOfSection(piece) === 'apparatus'
  const filled = pieces.filter(({ start, end }) => holdsText(drafts, start, end))
  const titlePages = countTitlePageSections(filled, drafts, (piece) => roleOfSection(piece) === 'story', book)
  const titlePage = titlePageOf(filled.slice(0, titlePages))
  const chapters = joinLeadIns(
    joinHeadingOnly(
      pieces.filter(({ start }) => start >= (titlePage?.end ?? 0)),
      drafts,
      isApparatus,
    ),
    drafts,
    isApparatus,
  ).map((piece) => withSubtitle(piece, drafts))
  const joined = titlePage === undefined ? chapters : [titlePage, ...chapters]
  const classified = joined.map((piece, index): ClassifiedSection => {
    if (piece === titlePage || piece.start >= stream.linearEnd) return { ...piece, role: 'apparatus' }
    const untitled = piece.title === undefined && index < joined.length - 1 && evidence !== 'spine'
    const short = untitled && textLength(drafts, piece.start, piece.end) < shortDocument
    const role = roleOfSection(piece) ?? (short ? 'apparatus' : 'story')
    const listed = (evidence === 'nav' || evidence === 'ncx') && role === 'story'
    return listed && hasPictureHeading(piece, drafts, book.title)
      ? { ...piece, role, announced: true }
      : { ...piece, role }
  })
  return { chapters: withDistinctTitles(assembleChapters(classified, drafts, book.title)), evidence, remarks }
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

function titlePageOf(pieces: readonly OutlineSection[]): OutlineSection | undefined {
  const [first] = pieces
  return first && { ...first, start: 0, end: pieces.at(-1)?.end ?? first.end }
}

/** Whether any draft in the range belongs to the book's text. */
function holdsText(drafts: readonly BlockDraft[], start: number, end: number): boolean {
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
  piece: OutlineSection,
  roleOf: (piece: OutlineSection) => MatterRole | undefined,
): OutlineSection[] {
  const inside: SpineDocument[] = []
  for (
    let index = indexOfDocument(stream.documents, piece.start);
    index < stream.documents.length;
    index += 1
  ) {
    const document = stream.documents[index]!
    if (document.start >= piece.end) break
    if (document.start > piece.start) inside.push(document)
  }
  let current: OutlineSection = piece
  let before = roleOf({ ...piece, end: inside[0]?.start ?? piece.end })
  const pieces: OutlineSection[] = []
  for (const { start, end } of inside) {
    const part: OutlineSection = {
      start,
      end: Math.min(end, piece.end),
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
    if (!differs && piece.title !== undefined && start < stream.linearEnd) continue
    pieces.push({ ...current, end: start })
    current = { ...part, end: piece.end }
    before = role
  }
  return [...pieces, current]
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
function headingOf({ drafts, documents }: SpineStream, piece: OutlineSection): string | undefined {
  const texts: string[] = []
  const end = Math.min(piece.end, piece.start + longestHeading)
  for (let index = piece.start; index < end && drafts[index]?.kind === 'heading'; index += 1)
    texts.push(drafts[index]?.text ?? '')
  return texts.length > 0 ? joinTitle(texts) : documentAt(documents, piece.start)?.title
}
