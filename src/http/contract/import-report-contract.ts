import { z } from 'zod'
import { sourceFormatNames } from '../../novel/source-format.ts'

/** How a file was read. */
export const importReport = z.object({
  format: z.enum(sourceFormatNames),
  evidence: z.string().describe('by what its chapters were found'),
  chapters: z.number(),
  characters: z.number(),
  skipped: z.record(z.string(), z.number()).describe('characters by the reason why they are not spoken'),
  encoding: z.string().optional().describe('of a text file'),
  remarks: z.array(z.string()),
})

export type ImportReport = z.infer<typeof importReport>
