import { getDocumentProxy } from 'unpdf'
import { Failure } from '../../novel/failure.ts'
import type { FormatResult } from '../book-format.ts'
import { languageTag } from '../book-language.ts'
import { cleanLine } from '../clean-text.ts'
import { singleDocument } from '../publication/single-document.ts'
import { readPublication } from '../publication/publication.ts'
import { readWhole } from '../whole-file.ts'
import { pdfDocument } from './pdf-document.ts'
import { pdfOutline } from './pdf-outline.ts'
import { inReadingOrder, linesOf, type PdfLine, type PdfRun } from './pdf-page.ts'

/** Most of a large file are images. */
const maxBytes = 512 * 1024 * 1024
const maxPages = 20_000
const maxText = 64 * 1024 * 1024
/** UTF-16 units of text over bytes of the file, from some text on: what a page draws may draw others, and each these again. */
const mostRatio = 200
const usualText = 256 * 1024

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>
type TextContent = Awaited<ReturnType<Awaited<ReturnType<PdfDocument['getPage']>>['getTextContent']>>

/**
 * Reads a PDF with a text layer. Throws `novel.encrypted` if it needs a password, `novel.no-text` if all pages are images,
 * `novel.damaged` and `novel.hostile`.
 */
export async function readPdf(path: string, fileName: string): Promise<FormatResult> {
  const bytes = await readWhole(path, maxBytes)
  const most = Math.min(maxText, Math.max(usualText, bytes.length * mostRatio))
  const document = await opened(new Uint8Array(bytes))
  try {
    const { pages, empty } = await readPages(document, most)
    const info = await infoOf(document)
    const { places, entries } = await pdfOutline(document)
    return await readPublication(
      {
        ...singleDocument(pdfDocument(pages, places), 'application/xhtml+xml'),
        metadata: {
          title: titleOf(info['Title']),
          author: stringOf(info['Author']),
          language: languageTag(stringOf(info['Language'])),
        },
        contents: {
          evidence: entries.length > 1 ? 'nav' : undefined,
          entries,
          landmarks: [],
        },
        remarks:
          empty.length === 0
            ? []
            : [`Pages without text were left out (${empty.length}): ${empty.slice(0, 5).join(', ')}`],
      },
      fileName,
    )
  } finally {
    await document.loadingTask.destroy()
  }
}

async function opened(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    const document = await getDocumentProxy(bytes, { verbosity: 0 })
    if (document.numPages <= maxPages) return document
    await document.loadingTask.destroy()
  } catch (error) {
    throw failureOf(error)
  }
  throw new Failure('novel.hostile', { detail: `it holds more than ${maxPages} files` })
}

function failureOf(error: unknown): Failure {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException') return new Failure('novel.encrypted', {}, { cause: error })
  return new Failure('novel.damaged', { detail: 'its table of files is broken' }, { cause: error })
}

/** The lines of each page, and the numbers of pages without any. `most`: UTF-16 units of all. */
async function readPages(
  document: PdfDocument,
  most: number,
): Promise<{ readonly pages: readonly (readonly PdfLine[])[]; readonly empty: readonly number[] }> {
  const pages: PdfLine[][] = []
  const empty: number[] = []
  let length = 0
  for (let number = 1; number <= document.numPages; number++) {
    const runs = await runsOf(document, number, most - length)
    length += runs.reduce((sum, { text }) => sum + text.length, 0)
    const lines = inReadingOrder(linesOf(runs, number - 1))
    if (lines.length === 0) empty.push(number)
    pages.push(lines)
  }
  if (length === 0) throw new Failure('novel.no-text')
  return { pages, empty }
}

/** Throws `novel.hostile` as soon as the page has more than `most` UTF-16 units. */
async function runsOf(document: PdfDocument, number: number, most: number): Promise<PdfRun[]> {
  try {
    const page = await document.getPage(number)
    const runs: PdfRun[] = []
    let length = 0
    const reader = (page.streamTextContent() as ReadableStream<TextContent>).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const item of part.value.items) {
        if (!('str' in item)) continue
        const [, , c = 0, d = 0, x = 0, y = 0] = item.transform as number[]
        length += item.str.length
        runs.push({ text: item.str, x, y, width: item.width, size: Math.hypot(c, d) })
      }
      if (length <= most) continue
      const tooMuch = new Failure('novel.hostile', {
        detail: `it unpacks to more than ${mostRatio} times its size`,
      })
      await reader.cancel(tooMuch)
      throw tooMuch
    }
    page.cleanup()
    return runs
  } catch (error) {
    throw error instanceof Failure ? error : failureOf(error)
  }
}

async function infoOf(document: PdfDocument): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await document.getMetadata()).info as Record<string, unknown>
  } catch {
    return {}
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? cleanLine(value) : ''
}

/** Programs write the name of the file they made it of. */
function titleOf(value: unknown): string {
  const title = stringOf(value)
  return /^(?:untitled|microsoft word - .*|.*\.(?:docx?|pdf|indd|tex|dvi|qxd))$/i.test(title) ? '' : title
}
