import { cleanLine } from '../clean-text.ts'
import { readNcx } from './mobi-contents.ts'
import type { MobiDocuments, MobiEntry } from './mobi-documents.ts'
import type { MobiHeaders } from './mobi-headers.ts'
import type { PalmDatabase } from './palm-database.ts'

const pageBreak = /<\s*(?:mbp:)?pagebreak[^<>]*>/gi
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
  const fileOf = (offset: number): string => documentName(starts.findLastIndex((start) => start <= offset))
  const documents = starts.map((start, index) => {
    const end = starts[index + 1] ?? text.length
    const inside = sorted.filter((at) => at >= start && at < end)
    const parts: Buffer[] = []
    let from = start
    for (const at of inside) {
      // Offsets point to the beginning of an element; one in the middle of a tag is a wrong one.
      const tag = text.indexOf('<', at)
      const place = Math.max(from, tag < 0 || tag > end ? end : tag)
      parts.push(text.subarray(from, place), Buffer.from(`<a id="filepos${at}"></a>`))
      from = place
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
  const guide = bytes.slice(0, bytes.search(/<\/guide>/i) + 1)
  const reference = /<reference\b[^<>]*\btype\s*=\s*["']?toc\b[^<>]*>/i.exec(guide)?.[0] ?? ''
  const offset = /\bfilepos\s*=\s*["']?(\d{1,12})/i.exec(reference)?.[1]
  if (offset === undefined) return []
  const page = documents.find(({ file }) => file === fileOf(Number(offset)))
  const links = page?.markup.matchAll(/<a\b[^<>]*?href="([^"#]+)#(filepos\d+)"[^<>]*>(.*?)<\/a>/gis) ?? []
  return Array.from(links, ([, file = '', id = '', label = '']) => ({
    title: cleanLine(label.replaceAll(/<[^<>]*>/g, '')),
    level: 0,
    target: { file, id },
  }))
}
