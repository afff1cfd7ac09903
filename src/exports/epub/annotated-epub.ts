import type { TracedBlock } from '../../importer/clean-text.ts'
import { decodeXml } from '../../importer/encodings/text-decoding.ts'
import { type EpubPackage, readPackage } from '../../importer/epub-package.ts'
import { traceBook } from '../../importer/format-registry.ts'
import { ZipArchive } from '../../importer/zip-archive.ts'
import { resolveHref } from '../../importer/link-target.ts'
import { writeOutEntities } from '../../importer/xhtml/xml-tree.ts'
import {
  type EpubEntry,
  type EpubPlan,
  plannedBlocks,
  plannedSegments,
  segmentElementId,
} from './epub-plan.ts'
import {
  buildOverlayFiles,
  deflatedEntry,
  manifestItems,
  type MediaOverlay,
  metadataElements,
  mimetypeEntry,
  type OverlayFiles,
  overlayParts,
  stylePath,
} from './media-overlays.ts'
import { relativeHref } from './relative-href.ts'
import { type SentencePosition, wrapSentences } from './sentence-spans.ts'
import { elementsOf, parseXhtml, type SourceElement } from './xhtml-source-tree.ts'

/** A spoken sentence with its position in the source document. */
interface SpokenSentence extends SentencePosition {
  readonly chapterNumber: number
  /** Milliseconds into the chapter's audio. */
  readonly from: number
  readonly to: number
}

/**
 * The entries of the novel's source EPUB 3 with media overlays added: only the package document and the pages with
 * spoken sentences change. `undefined` where that is impossible: an EPUB 2, a book that has media overlays already, one
 * that is not well-formed, or one whose chapters are no longer parsed as they were at the import.
 */
export async function annotateEpub(plan: EpubPlan, source: string): Promise<EpubEntry[] | undefined> {
  const archive = await ZipArchive.open(source)
  try {
    if (!archive.has('META-INF/container.xml')) return undefined
    const epub = await readPackage(archive)
    const traced = await traceBook(source, 'epub')
    const marks = traced && sentencesByFile(plan, traced)
    if (epub.nav === undefined || marks === undefined) return undefined
    const pages: EpubEntry[] = []
    const overlays: MediaOverlay[] = []
    for (const { file } of epub.spine) {
      const page = await annotatedPage(archive, epub, file, marks.get(file) ?? [])
      if (page === undefined) continue
      pages.push(deflatedEntry(file, page.xhtml))
      overlays.push(page.overlay)
    }
    const annotated = new Set(overlays.flatMap(({ parts }) => parts.map((part) => part.chapterNumber)))
    const spoken = plan.chapters.filter(({ times }) => times !== undefined)
    if (!spoken.every(({ number }) => annotated.has(number))) return undefined
    const overlayFiles = buildOverlayFiles(plan, epub.file, overlays)
    const opf = editPackage(await readXml(archive, epub.file), epub.file, plan.modified, overlayFiles)
    if (opf === undefined) return undefined
    const changed = [deflatedEntry(epub.file, opf), ...pages, ...overlayFiles.files]
    const unchanged = await unchangedEntries(archive, source, new Set(changed.map(({ name }) => name)))
    return unchanged && [mimetypeEntry, ...unchanged, ...changed]
  } finally {
    await archive.close()
  }
}

/** By document, in reading order; `undefined` if the book is parsed differently from its import. */
function sentencesByFile(
  plan: EpubPlan,
  traced: readonly (readonly TracedBlock[])[],
): Map<string, SpokenSentence[]> | undefined {
  if (traced.length !== plan.chapters.length) return undefined
  const marks = new Map<string, SpokenSentence[]>()
  for (const [at, chapter] of plan.chapters.entries()) {
    const blocks = traced[at]!
    const known = plannedBlocks(chapter)
    if (known.length !== blocks.length || known.some(({ text }, index) => blocks[index]?.text !== text))
      return undefined
    const { times, number } = chapter
    if (times === undefined) continue
    for (const [index, { block, start, end }] of plannedSegments(chapter).entries()) {
      const { trace, file } = blocks[block] ?? {}
      if (trace === undefined || file === undefined) continue
      const ofFile = marks.get(file) ?? []
      marks.set(file, ofFile)
      ofFile.push({
        id: segmentElementId(number, index),
        offsets: trace.slice(start, end),
        chapterNumber: number,
        from: times[index] ?? 0,
        to: times[index + 1] ?? 0,
      })
    }
  }
  return marks
}

/** A page with its sentences wrapped in spans; `undefined` for one that stays unchanged. */
async function annotatedPage(
  archive: ZipArchive,
  epub: EpubPackage,
  file: string,
  marks: readonly SpokenSentence[],
): Promise<{ xhtml: string; overlay: MediaOverlay } | undefined> {
  const item = [...epub.manifest.values()].find((one) => one.file === file)
  const plain = item?.mediaType === 'application/xhtml+xml' && !item.properties.includes('scripted')
  if (marks.length === 0 || !plain || !archive.names.includes(file)) return undefined
  const text = writeOutEntities(await readXml(archive, file))
  const marked = wrapSentences(text, marks, [relativeHref(file, stylePath(epub.file))])
  if (marked === undefined) return undefined
  const parts = marks.flatMap((mark) =>
    overlayParts(mark.chapterNumber, marked.parts.get(mark.id) ?? [], mark),
  )
  if (parts.length === 0) return undefined
  return { xhtml: declareUtf8(marked.xhtml), overlay: { document: file, parts } }
}

async function readXml(archive: ZipArchive, file: string): Promise<string> {
  return decodeXml((await archive.read(file)) ?? new Uint8Array()).text
}

function declareUtf8(xml: string): string {
  return xml.replace(/^(<\?xml[^>]*\bencoding\s*=\s*["'])[^"']*/, '$1utf-8')
}

/** The other entries, still compressed; `undefined` if one cannot be copied. Signatures, now invalid, are dropped. */
async function unchangedEntries(
  archive: ZipArchive,
  source: string,
  changed: ReadonlySet<string>,
): Promise<EpubEntry[] | undefined> {
  const files: EpubEntry[] = []
  for (const name of archive.names) {
    if (name === 'mimetype' || name.endsWith('/') || name === 'META-INF/signatures.xml' || changed.has(name))
      continue
    const packed = await archive.packed(name)
    if (packed === undefined) return undefined
    files.push({ name, file: source, ...packed })
  }
  return files
}

/**
 * An EPUB 3's package document with overlay metadata, manifest items and a new modification date; everything else keeps
 * its bytes. `undefined` for an EPUB 2, a book that has media overlays already, and malformed XML.
 */
function editPackage(
  opf: string,
  path: string,
  modified: string,
  overlayFiles: OverlayFiles,
): string | undefined {
  const text = writeOutEntities(opf)
  const root = parseXhtml(text)
  const first = (parent: SourceElement | undefined, name: string): SourceElement | undefined =>
    parent === undefined ? undefined : elementsOf(parent, name).next().value || undefined
  const book = first(root, 'package')
  const [metadata, manifest] = [first(book, 'metadata'), first(book, 'manifest')]
  if (!book?.attributes['version']?.startsWith('3') || !metadata || !manifest) return undefined
  const items = [...elementsOf(manifest, 'item')]
  const metas = [...elementsOf(metadata, 'meta')]
  if (
    items.some(({ attributes }) => attributes['media-overlay'] !== undefined) ||
    metas.some(({ attributes }) => attributes['property']?.startsWith('media:'))
  )
    return undefined
  const prefix = book.name.replace(/[^:]*$/, '')
  const dated = metas.find(
    ({ attributes }) => attributes['property'] === 'dcterms:modified' && attributes['refines'] === undefined,
  )
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = items.flatMap(
    ({ attributes, start, name }) => {
      const overlay = overlayFiles.overlayIds.get(resolveHref(path, attributes['href'] ?? '')?.file ?? '')
      const at = start + 1 + name.length
      return overlay === undefined ? [] : [{ start: at, end: at, text: ` media-overlay="${overlay}"` }]
    },
  )
  const added = [...overlayFiles.metadata, ...(dated ? [] : [['dcterms:modified', '', modified] as const])]
  if (dated) edits.push({ start: dated.innerStart, end: dated.innerEnd, text: modified })
  edits.push(
    { start: metadata.innerEnd, end: metadata.innerEnd, text: metadataElements(added, prefix) },
    { start: manifest.innerEnd, end: manifest.innerEnd, text: manifestItems(overlayFiles, prefix) },
  )
  let edited = ''
  let upTo = 0
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start)) {
    edited += text.slice(upTo, start) + put
    upTo = end
  }
  return (edited + text.slice(upTo)).replace(/^(<\?xml[^>]*\bencoding\s*=\s*["'])[^"']*/, '$1utf-8')
}
