import { decodeXml } from '../importer/decode.ts'
import { traceEpub } from '../importer/epub.ts'
import { readPackage, type EpubPackage } from '../importer/epub-package.ts'
import type { TracedBlock } from '../importer/trace.ts'
import { writeOutEntities } from '../importer/xml-entities.ts'
import { ZipArchive } from '../importer/zip-archive.ts'
import { editPackage } from './edit-package.ts'
import { plannedBlocks, type EpubEntry, type EpubPlan, segmentElementId, plannedSegments } from './epub-plan.ts'
import { wrapSentences, type SentencePosition } from './marked-document.ts'
import { mimetypeEntry, overlayParts, deflatedEntry, type MediaOverlay } from './media-overlay.ts'
import { buildOverlayFiles, stylePath } from './read-along-files.ts'
import { relativeHref } from './xml-text.ts'

/** A sentence that is spoken, to be found again in its document. */
interface SpokenSentence extends SentencePosition {
  readonly chapterNumber: number
  readonly from: number
  readonly to: number
}

/**
 * The files of the EPUB 3 that the novel came from, every one of them, with the sound of what is spoken: only its package
 * document and the pages with spoken sentences change. `undefined` where that cannot be done: an EPUB 2, a book that has
 * sound already, one that is not well-formed, or whose chapters are no longer found as they were at its import.
 */
export async function annotateEpub(plan: EpubPlan, source: string): Promise<EpubEntry[] | undefined> {
  const archive = await ZipArchive.open(source)
  try {
    if (!archive.has('META-INF/container.xml')) return undefined
    const epub = await readPackage(archive)
    const traced = await traceEpub(archive, epub)
    const marks = sentencesByFile(plan, traced)
    if (epub.nav === undefined || marks === undefined) return undefined
    const pages: EpubEntry[] = []
    const overlays: MediaOverlay[] = []
    for (const { file } of epub.spine) {
      const page = await annotatedPage(archive, epub, file, marks.get(file) ?? [])
      if (page === undefined) continue
      pages.push(deflatedEntry(file, page.xhtml))
      overlays.push(page.overlay)
    }
    const heard = new Set(overlays.flatMap(({ parts }) => parts.map((part) => part.chapterNumber)))
    const spoken = plan.chapters.filter(({ times }) => times !== undefined)
    if (!spoken.every(({ number }) => heard.has(number))) return undefined
    const overlayFiles = buildOverlayFiles(plan, epub.file, overlays)
    const opf = editPackage(await readXml(archive, epub.file), epub.file, plan.modified, overlayFiles)
    if (opf === undefined) return undefined
    const changed = [deflatedEntry(epub.file, opf), ...pages, ...overlayFiles.files]
    const kept = await unchangedEntries(archive, source, new Set(changed.map(({ name }) => name)))
    return kept && [mimetypeEntry, ...kept, ...changed]
  } finally {
    await archive.close()
  }
}

/** By document, in reading order; `undefined` if the book is not read today as it was at its import. */
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

/** A page with its marks; `undefined` for one that stays as it is. */
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

/** The other files as they are packed; `undefined` if one cannot be copied. A signature would no longer be true. */
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
