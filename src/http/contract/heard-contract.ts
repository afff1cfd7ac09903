import { z } from 'zod'
import { deviceId } from './field-contract.ts'

// Request and response schemas of heard segments.

const index = z.number().int().min(0)

export const heardRange = z
  .object({ from: index, to: index })
  .describe('indices of segments, both ends included')

export const heardRequest = z.strictObject({
  chapterNumber: z.number().int().min(1),
  from: index.describe('the first segment that was heard'),
  to: index.describe('the last one'),
  device: deviceId.optional().describe('who reports it'),
})

export const heardChapter = z.object({
  chapterNumber: z.number().int(),
  segmentsHeard: z.number().int(),
  finished: z.literal(true).optional().describe('as good as all of it was heard'),
  ranges: z.array(heardRange),
  updatedAt: z.string(),
})

const chapterNumber = z.number().int().min(1)

export const markRequest = z.strictObject({
  heard: z.boolean().describe('false: forget that it was'),
  chapters: z
    .array(z.strictObject({ from: chapterNumber, to: chapterNumber }))
    .max(10_000)
    .optional()
    .describe('numbers, both ends included; left out: all that are narrated'),
})

const chapterMark = z.strictObject({
  chapterNumber,
  ranges: z.array(z.strictObject({ from: index, to: index })).max(100_000),
})

export const markRestore = z.strictObject({ chapters: z.array(chapterMark).max(10_000) })

/** What changed chapters had before; sent back it is so again. */
export const markAnswer = z.object({ success: z.literal(true), before: z.array(chapterMark) })

export type MarkRequest = z.infer<typeof markRequest>
export type HeardRequest = z.infer<typeof heardRequest>
export type HeardRange = z.infer<typeof heardRange>
export type HeardChapterView = z.infer<typeof heardChapter>
