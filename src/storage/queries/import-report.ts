import { z } from 'zod'
import type { ImportReport } from '../../novel/novel.ts'
import { formatByName, sourceFormatNames, sourceFormats } from '../../novel/source-format.ts'
import { parseStoredJson } from './column-values.ts'
import type { NovelRow } from './novel-queries.ts'

const importReport = z.object({
  format: z.enum(sourceFormatNames),
  evidence: z.string(),
  chapters: z.number(),
  characters: z.number(),
  skipped: z.record(z.string(), z.number()),
  encoding: z.string().optional(),
  remarks: z.array(z.string()),
})

/**
 * A novel's import report; a damaged one is replaced by an empty report that says so, because nothing depends on it.
 */
export function importReportOf({
  report,
  sourceName,
}: Pick<NovelRow, 'report' | 'sourceName'>): ImportReport {
  try {
    return importReport.parse(parseStoredJson(report)) as ImportReport
  } catch {
    const format = formatByName(sourceName)
    const remarks = ['What was noted when this book was imported is damaged.']
    return { format, evidence: 'whole-text', chapters: 0, characters: 0, skipped: {}, remarks }
  }
}

/** Media type of a novel's source file. */
export function sourceType(novel: Pick<NovelRow, 'report' | 'sourceName'>): string {
  if (/\.zip$/i.test(novel.sourceName)) return 'application/zip'
  return sourceFormats[importReportOf(novel).format].mediaType
}
