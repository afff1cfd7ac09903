import { z } from 'zod'
import type { ImportReport } from '../novel/novel.ts'
import { parseStoredJson } from './json.ts'
import type { NovelRow } from './novels.ts'

const importReport = z.object({
  format: z.enum(['epub', 'text']),
  evidence: z.string(),
  chapters: z.number(),
  characters: z.number(),
  skipped: z.record(z.string(), z.number()),
  encoding: z.string().optional(),
  remarks: z.array(z.string()),
})

/** What its import told. Damaged, it is told without: nobody's shelf depends on it. */
export function importReportOf({ report, sourceName }: Pick<NovelRow, 'report' | 'sourceName'>): ImportReport {
  try {
    return importReport.parse(parseStoredJson(report)) as ImportReport
  } catch {
    const format = sourceName.toLowerCase().endsWith('.epub') ? 'epub' : 'text'
    const remarks = ['What was noted when this book was imported is damaged.']
    return { format, evidence: 'whole-text', chapters: 0, characters: 0, skipped: {}, remarks }
  }
}

/** Media type of a novel's source file; a text names no charset, because it may be in any. */
export function sourceType(novel: Pick<NovelRow, 'report' | 'sourceName'>): string {
  const { format } = importReportOf(novel)
  return format === 'epub' ? 'application/epub+zip' : 'text/plain'
}
