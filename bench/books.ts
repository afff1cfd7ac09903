import { existsSync, readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ZipFile } from 'yazl'
import { longStory } from '../test/fixtures/long-story.ts'

export interface Book {
  /** Name in the report. */
  readonly name: string
  readonly fileName: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** War and Peace from Project Gutenberg, or a generated book of its size if it is not available. */
export function largeText(): Book {
  const fileName = 'war-and-peace.txt'
  const bytes = sharedBook(fileName)
  if (bytes) return { name: 'War and Peace', fileName, bytes }
  return { name: 'a made-up book of that size', fileName: 'large.txt', bytes: longStory(365, 104) }
}

export async function largeEpub(): Promise<Book> {
  const fileName = 'war-and-peace.epub'
  const bytes = sharedBook(fileName)
  if (bytes) return { name: 'War and Peace', fileName, bytes }
  return { name: 'a made-up book of that size', fileName: 'large.epub', bytes: await madeUpEpub(365) }
}

/** A web novel: two thousand chapters, no two sentences alike. */
export function webNovel(): Book {
  return { name: 'a web novel', fileName: 'web-novel.txt', bytes: longStory(2000, 40) }
}

export function sharedBook(fileName: string): Uint8Array<ArrayBuffer> | undefined {
  const path = fileURLToPath(new URL(`../../shared/books/${fileName}`, import.meta.url))
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined
}

/** EPUB 3: a file for each chapter and a nav that lists them. */
async function madeUpEpub(chapters: number): Promise<Uint8Array<ArrayBuffer>> {
  const numbers = Array.from({ length: chapters }, (_, index) => index + 1)
  const story = new TextDecoder().decode(longStory(chapters, 104)).split(/^Chapter \d+$/m)
  const zip = new ZipFile()
  const add = (path: string, text: string, compress = true) =>
    zip.addBuffer(Buffer.from(text), path, { compress })
  add('mimetype', 'application/epub+zip', false)
  add(
    'META-INF/container.xml',
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' +
      '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
  )
  add(
    'book.opf',
    `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">large</dc:identifier>
<dc:title>A large book</dc:title><dc:language>en</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
${numbers.map((n) => `<item id="c${n}" href="c${n}.xhtml" media-type="application/xhtml+xml"/>`).join('\n')}
</manifest><spine>${numbers.map((n) => `<itemref idref="c${n}"/>`).join('')}</spine></package>`,
  )
  add(
    'nav.xhtml',
    page(
      `<nav epub:type="toc"><ol>${numbers.map((n) => `<li><a href="c${n}.xhtml">Chapter ${n}</a></li>`).join('')}</ol></nav>`,
    ),
  )
  for (const n of numbers) {
    const paragraphs = (story[n] ?? '').split('\n').filter((line) => line !== '')
    add(`c${n}.xhtml`, page(`<h1>Chapter ${n}</h1>${paragraphs.map((line) => `<p>${line}</p>`).join('\n')}`))
  }
  zip.end()
  return new Uint8Array(await buffer(zip.outputStream))
}

function page(body: string): string {
  return `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>A large book</title></head><body>${body}</body></html>`
}
