import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { fileKind } from './file-kind.ts'
import { rejectOversized } from './long-chapters.ts'
import { type FormatResult, withReport } from './report.ts'

type FormatReader = (path: string, fileName: string) => Promise<FormatResult>

/**
 * Reads a book: an EPUB, or plain text in any common encoding. What the file is, its bytes tell; `fileName` (as the user
 * named it) only titles a text without a title and is shown in failures. The file is only read, and closed again.
 *
 * Throws `novel.unreadable`, `novel.empty-file`, `novel.no-text`, `novel.encrypted`, `novel.damaged` or `novel.hostile`.
 */
export async function importBook(path: string, fileName: string): Promise<ImportedNovel> {
  try {
    const head = await firstBytes(path)
    if (head.length === 0) throw new Failure('novel.empty-file')
    const read = await formatReader(fileKind(head))
    const file = await read(path, fileName)
    rejectOversized(file.novel.chapters)
    return withReport(file)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, { ...error.details, file: fileName }, { cause: error })
  }
}

/** A format's modules are loaded when it comes: an import lasts a second, and loading all of them took a twentieth of it. */
async function formatReader(kind: ReturnType<typeof fileKind>): Promise<FormatReader> {
  return kind === 'zip'
    ? (await import('./epub.ts')).readEpub
    : (await import('./plain-text.ts')).readPlainText
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
