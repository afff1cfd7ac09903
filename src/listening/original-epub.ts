import { decodeXml } from '../importer/decode.ts'
import { traceEpub } from '../importer/epub.ts'
import { readPackage, type EpubPackage } from '../importer/epub-package.ts'
import type { TracedBlock } from '../importer/trace.ts'
import { writeOutEntities } from '../importer/xml-entities.ts'
import { ZipArchive } from '../importer/zip-archive.ts'
import { editPackage } from './edit-package.ts'
import { blocksOf, type EpubFile, type EpubPlan, segmentId, segmentsOf } from './epub-plan.ts'
import { markDocument, type Mark } from './marked-document.ts'
import { mimetype, spokenParts, textFile, type MediaOverlay } from './media-overlay.ts'
import { readAlong, stylePath } from './read-along-files.ts'
import { hrefTo } from './xml-text.ts'

/** A sentence that is spoken, to be found again in its document. */
interface SpokenMark extends Mark {
  readonly chapterNumber: number
  readonly from: number
  readonly to: number
}

/**
 * The files of the EPUB 3 that the novel came from, every one of them, with the sound of what is spoken: only its package
 * document and the pages with spoken sentences change. `undefined` where that cannot be done: an EPUB 2, a book that has
 * sound already, one that is not well-formed, or whose chapters are no longer found as they were at its import.
 */
export async function originalEpub(plan: EpubPlan, source: string): Promise<EpubFile[] | undefined> {
  const archive = await ZipArchive.open(source)
  try {
    if (!archive.has('META-INF/container.xml')) return undefined
    const epub = await readPackage(archive)
    const traced = await traceEpub(archive, epub)
    const marks = marksByFile(plan, traced)
    if (epub.nav === undefined || marks === undefined) return undefined
    const pages: EpubFile[] = []
    const overlays: MediaOverlay[] = []
    for (const { file } of epub.spine) {
      const page = await markedPage(archive, epub, file, marks.get(file) ?? [])
      if (page === undefined) continue
      pages.push(textFile(file, page.xhtml))
      overlays.push(page.overlay)
    }
    const heard = new Set(overlays.flatMap(({ parts }) => parts.map((part) => part.chapterNumber)))
    const spoken = plan.chapters.filter(({ times }) => times !== undefined)
    if (!spoken.every(({ number }) => heard.has(number))) return undefined
    const along = readAlong(plan, epub.file, overlays)
    const opf = editPackage(await textOf(archive, epub.file), epub.file, plan.modified, along)
    if (opf === undefined) return undefined
    const changed = [textFile(epub.file, opf), ...pages, ...along.files]
    const kept = await copies(archive, source, new Set(changed.map(({ name }) => name)))
    return kept && [mimetype, ...kept, ...changed]
  } finally {
    await archive.close()
  }
}

/** By document, in reading order; `undefined` if the book is not read today as it was at its import. */
function marksByFile(
  plan: EpubPlan,
  traced: readonly (readonly TracedBlock[])[],
): Map<string, SpokenMark[]> | undefined {
  if (traced.length !== plan.chapters.length) return undefined
  const marks = new Map<string, SpokenMark[]>()
  for (const [at, chapter] of plan.chapters.entries()) {
    const blocks = traced[at]!
    const known = blocksOf(chapter)
    if (known.length !== blocks.length || known.some(({ text }, index) => blocks[index]?.text !== text))
      return undefined
    const { times, number } = chapter
    if (times === undefined) continue
    for (const [index, { block, start, end }] of segmentsOf(chapter).entries()) {
      const { trace, file } = blocks[block] ?? {}
      if (trace === undefined || file === undefined) continue
      const ofFile = marks.get(file) ?? []
      marks.set(file, ofFile)
      ofFile.push({
        id: segmentId(number, index),
        places: trace.slice(start, end),
        chapterNumber: number,
        from: times[index] ?? 0,
        to: times[index + 1] ?? 0,
      })
    }
  }
  return marks
}

/** A page with its marks; `undefined` for one that stays as it is. */
async function markedPage(
  archive: ZipArchive,
  epub: EpubPackage,
  file: string,
  marks: readonly SpokenMark[],
): Promise<{ xhtml: string; overlay: MediaOverlay } | undefined> {
  const item = [...epub.manifest.values()].find((one) => one.file === file)
  const plain = item?.mediaType === 'application/xhtml+xml' && !item.properties.includes('scripted')
  if (marks.length === 0 || !plain || !archive.names.includes(file)) return undefined
  const text = writeOutEntities(await textOf(archive, file))
  const marked = markDocument(text, marks, [hrefTo(file, stylePath(epub.file))])
  if (marked === undefined) return undefined
  const parts = marks.flatMap((mark) =>
    spokenParts(mark.chapterNumber, marked.parts.get(mark.id) ?? [], mark),
  )
  if (parts.length === 0) return undefined
  return { xhtml: inUtf8(marked.xhtml), overlay: { document: file, parts } }
}

async function textOf(archive: ZipArchive, file: string): Promise<string> {
  return decodeXml((await archive.read(file)) ?? new Uint8Array()).text
}

function inUtf8(xml: string): string {
  return xml.replace(/^(<\?xml[^>]*\bencoding\s*=\s*["'])[^"']*/, '$1utf-8')
}

/** The other files as they are packed; `undefined` if one cannot be copied. A signature would no longer be true. */
async function copies(
  archive: ZipArchive,
  source: string,
  changed: ReadonlySet<string>,
): Promise<EpubFile[] | undefined> {
  const files: EpubFile[] = []
  for (const name of archive.names) {
    if (name === 'mimetype' || name.endsWith('/') || name === 'META-INF/signatures.xml' || changed.has(name))
      continue
    const packed = await archive.packed(name)
    if (packed === undefined) return undefined
    files.push({ name, file: source, ...packed })
  }
  return files
}
