import { Failure } from '../novel/failure.ts'
import type { HeadingRule } from '../novel/heading-rule.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { withReport } from './book-format.ts'
import { rejectOversized } from './chapters/long-chapters.ts'
import { foreignFormat } from './foreign-formats.ts'
import { readSigns } from './file-signs.ts'
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
    const signs = await readSigns(path)
    if (signs.head.length === 0) throw new Failure('novel.empty-file')
    const format = formatOf(signs)
    if (format === undefined)
      throw new Failure('novel.unreadable', { detail: foreignFormat(signs.head) ?? 'its format is unknown' })
    const read = await format.read(path, fileName, rule)
    rejectOversized(read.novel.chapters)
    return withReport(read, format.name)
  } catch (error) {
    if (error instanceof Failure)
      throw new Failure(error.code, { ...error.details, file: fileName }, { cause: error })
    throw rangeFailure(error, fileName)
  }
}

/**
 * A string longer than V8 holds, or more calls within each other: `novel.hostile`. Every other error as it is.
 */
export function rangeFailure(error: unknown, file: string): unknown {
  if (!(error instanceof RangeError)) return error
  const detail = 'reading it takes more memory than Nightjar or this machine allows it'
  return new Failure('novel.hostile', { file, detail }, { cause: error })
}
