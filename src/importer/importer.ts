import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import type { HeadingRule } from '../novel/heading-rule.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { withReport } from './book-format.ts'
import { rejectOversized } from './chapters/long-chapters.ts'
import { foreignFormat } from './foreign-formats.ts'
import { formatOf } from './format-registry.ts'

/**
 * Reads a book in one of the registered formats. The format is detected by content; `fileName` (as uploaded) is used
 * only as title of a book without one and in failures. `rule`: how the chapters of a plain text are found. The file is opened for reading only, and closed.
 *
 * Throws `novel.unreadable`, `novel.empty-file`, `novel.no-text`, `novel.encrypted`, `novel.damaged` or
 * `novel.hostile`.
 */
export async function importBook(path: string, fileName: string, rule?: HeadingRule): Promise<ImportedNovel> {
  try {
    const head = await firstBytes(path)
    if (head.length === 0) throw new Failure('novel.empty-file')
    const format = formatOf(head)
    if (format === undefined)
      throw new Failure('novel.unreadable', { detail: foreignFormat(head) ?? 'its format is unknown' })
    const read = await format.read(path, fileName, rule)
    rejectOversized(read.novel.chapters)
    return withReport(read, format.name)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, { ...error.details, file: fileName }, { cause: error })
  }
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
