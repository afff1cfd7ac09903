import {
  type SkipReason,
  characterCount,
  type Evidence,
  type ImportedNovel,
  type ImportReport,
} from '../novel/novel.ts'

/** The result of one format's reader. */
export interface FormatResult {
  readonly novel: Omit<ImportedNovel, 'report'>
  readonly format: ImportReport['format']
  readonly evidence: Evidence
  readonly encoding?: string
  readonly remarks: readonly string[]
}

/** Adds the import report (chapter, character and skip counts). */
export function withReport({ novel, format, evidence, encoding, remarks }: FormatResult): ImportedNovel {
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
