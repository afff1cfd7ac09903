import { cleanLine } from '../clean-text.ts'
import { readNcx } from './mobi-contents.ts'
import type { MobiDocuments, MobiEntry } from './mobi-documents.ts'
import type { MobiHeaders } from './mobi-headers.ts'
import type { PalmDatabase } from './palm-database.ts'

const pageBreak = /<\s*(?:mbp:)?pagebreak[^<>]*>/gi
/** Characters of a list of places such as the cover and the contents. */
const longestGuide = 16 * 1024
const filePosition = /\bfilepos\s*=\s*["']?(\d{1,12})/gi

/**
 * The documents of an older MOBI book: its text cut at page breaks. Links by offset lead to anchors that are written
 * there. Throws `novel.damaged`.
 */
export function mobi6Documents(database: PalmDatabase, headers: MobiHeaders, text: Buffer): MobiDocuments {
  // One character a byte, because links count bytes.
  const bytes = text.toString('latin1')
  const ncx = headers.ncx === undefined ? [] : readNcx(database, headers.base + headers.ncx).filter(hasOffset)
  const offsets = new Set(ncx.map(({ offset }) => offset))
  for (const [, offset] of bytes.matchAll(filePosition)) offsets.add(Number(offset))
  const breaks = Array.from(bytes.matchAll(pageBreak), ({ index }) => index)
  const starts = [0, ...breaks.filter((at) => at > 0)]
  const decoder = new TextDecoder(headers.encoding)
  const sorted = [...offsets].filter((at) => at < text.length).toSorted((a, b) => a - b)
  const fileOf = (offset: number): string => documentName(lastAtMost(starts, offset))
  /** Of the sorted offsets, the first that is not in a document yet. */
  let next = 0
  const documents = starts.map((start, index) => {
    const end = starts[index + 1] ?? text.length
    const inside = text.subarray(0, end)
    const parts: Buffer[] = []
    let from = start
    for (let at = sorted[next]; at !== undefined && at < end; at = sorted[++next]) {
      // Offsets point to the beginning of an element; one in the middle of a tag is a wrong one.
      if (from <= at) from = startOfTag(inside, at, from, parts)
      parts.push(Buffer.from(`<a id="filepos${at}"></a>`))
    }
    const markup = decoder.decode(Buffer.concat([...parts, text.subarray(from, end)]))
    return { file: documentName(index), markup: resolved(markup, fileOf) }
  })
  const entries = ncx.map(({ title, level, offset }): MobiEntry => ({
    title,
    level,
    target: { file: fileOf(offset), id: `filepos${offset}` },
  }))
  return {
    documents,
    styles: [],
    contents: entries.length > 0 ? entries : listedContents(bytes, documents, fileOf),
    mediaType: 'text/html',
  }
}

/** Copies what stands before the first tag from `at`, and returns where that begins. */
function startOfTag(text: Buffer, at: number, from: number, parts: Buffer[]): number {
  const tag = text.indexOf('<', at)
  const place = tag < 0 ? text.length : tag
  parts.push(text.subarray(from, place))
  return place
}

/** The index of the last of the sorted numbers that is not greater than `most`; -1: none. */
function lastAtMost(sorted: readonly number[], most: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= most) low = middle + 1
    else high = middle
  }
  return low - 1
}

const documentName = (index: number): string => `text-${Math.max(0, index) + 1}.html`

function hasOffset<Place extends { readonly offset: number | undefined }>(
  place: Place,
): place is Place & { readonly offset: number } {
  return place.offset !== undefined
}

/** Links and images by file and id, and no page breaks. */
function resolved(markup: string, fileOf: (offset: number) => string): string {
  return markup
    .replaceAll(pageBreak, '')
    .replaceAll(/<a\b([^<>]*?)\bfilepos\s*=\s*["']?(\d{1,12})["']?/gi, (_, more: string, offset: string) => {
      return `<a${more}href="${fileOf(Number(offset))}#filepos${Number(offset)}"`
    })
    .replaceAll(/<img\b([^<>]*?)\brecindex\s*=\s*["']?(\d{1,8})["']?/gi, (_, more: string, index: string) => {
      return `<img${more}src="image-${Number(index)}"`
    })
}

/** The contents of a book without an index of them: the links on the page that its guide calls the contents. */
function listedContents(
  bytes: string,
  documents: MobiDocuments['documents'],
  fileOf: (offset: number) => string,
): MobiEntry[] {
  const end = bytes.search(/<\/guide>/i) + 1
  const guide = bytes.slice(Math.max(0, end - longestGuide), end)
  const reference = /<reference\b[^<>]*\btype\s*=\s*["']?toc\b[^<>]*>/i.exec(guide)?.[0] ?? ''
  const offset = /\bfilepos\s*=\s*["']?(\d{1,12})/i.exec(reference)?.[1]
  if (offset === undefined) return []
  const page = documents.find(({ file }) => file === fileOf(Number(offset)))
  const markup = page?.markup ?? ''
  const opening = /<a\b[^<>]*?href="([^"#]+)#(filepos\d+)"[^<>]*>/gi
  const closing = /<\/a>/gi
  const entries: MobiEntry[] = []
  for (let link = opening.exec(markup); link !== null; link = opening.exec(markup)) {
    closing.lastIndex = opening.lastIndex
    const end = closing.exec(markup)?.index
    if (end === undefined) break
    const [, file = '', id = ''] = link
    const label = markup.slice(opening.lastIndex, end)
    entries.push({ title: cleanLine(label.replaceAll(/<[^<>]*>/g, '')), level: 0, target: { file, id } })
    opening.lastIndex = end
  }
  return entries
}
