import { z } from 'zod'

// Request and response schemas of heard segments.

const index = z.number().int().min(0)

export const heardRange = z
  .object({ from: index, to: index })
  .describe('indices of segments, both ends included')

export const heardRequest = z.strictObject({
  chapterNumber: z.number().int().min(1),
  from: index.describe('the first segment that was heard'),
  to: index.describe('the last one'),
})

export const heardChapter = z.object({
  chapterNumber: z.number().int(),
  segmentsHeard: z.number().int(),
  ranges: z.array(heardRange),
  updatedAt: z.string(),
})

export type HeardRange = z.infer<typeof heardRange>
export type HeardChapterView = z.infer<typeof heardChapter>
