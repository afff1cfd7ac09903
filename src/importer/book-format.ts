import type { HeadingRule } from '../novel/heading-rule.ts'
import {
  type SkipReason,
  type Chapter,
  characterCount,
  type Evidence,
  type ImportedNovel,
  type ImportReport,
} from '../novel/novel.ts'
import type { SourceFormat } from '../novel/source-format.ts'
import type { TracedBlock } from './clean-text.ts'

/** The result of one format's reader. */
export interface FormatResult {
  readonly novel: Omit<ImportedNovel, 'report'>
  readonly evidence: Evidence
  readonly encoding?: string
  readonly remarks: readonly string[]
}

/** What tells a file's format. */
export interface FileSigns {
  /** Its first bytes, 4 kB at most. */
  readonly head: Uint8Array
  /** Its first 256 kB, for what only the lines of a text tell; absent of a zip. */
  readonly start?: Uint8Array
  /** Of a zip, the paths of its files; none if its directory cannot be read. */
  readonly names?: readonly string[]
}

/** One of the kinds of file that a novel can be imported from. */
export interface BookFormat {
  readonly name: SourceFormat
  /** Whether a file is for this format's reader. */
  matches(file: FileSigns): boolean
  /**
   * Reads the file, which is not changed and closed again. The same bytes give the same novel. `fileName` (as uploaded)
   * serves as title of a book without one. `rule`: how chapters are found where the file does not say. Throws `novel.unreadable`, `novel.no-text`, `novel.encrypted`,
   * `novel.damaged` or `novel.hostile`, whatever the bytes are.
   */
  read(path: string, fileName: string, rule?: HeadingRule): Promise<FormatResult>
  /** The chapters that each of the rules that may fit would give. Absent where the file says where they begin. */
  readByRules?(path: string, fileName: string): AsyncIterable<readonly [HeadingRule, readonly Chapter[]]>
  /**
   * The blocks of each chapter as `read` returns them, with the places of their characters in the book's own files, for
   * an export that changes these. Throws what `read` throws. Absent for formats without such an export.
   */
  trace?(path: string): Promise<readonly (readonly TracedBlock[])[]>
}

/** Adds the import report (chapter, character and skip counts). */
export function withReport(
  { novel, evidence, encoding, remarks }: FormatResult,
  format: BookFormat['name'],
): ImportedNovel {
  const skipped: Partial<Record<SkipReason, number>> = {}
  for (const { skips } of novel.chapters)
    for (const { reason } of skips) skipped[reason] = (skipped[reason] ?? 0) + 1
  const report: ImportReport = {
    format,
    evidence,
    chapters: novel.chapters.length,
    characters: novel.chapters.reduce((sum, chapter) => sum + characterCount(chapter), 0),
    skipped,
    ...(encoding === undefined ? {} : { encoding }),
    remarks,
  }
  return { ...novel, report }
}
