import { z } from 'zod'
import { skipReasons } from '../../novel/novel.ts'
import { pageQuery } from './field-contract.ts'

// Response schemas of what of a novel's source is not spoken.

const count = z.number().int().min(0)
const percent = z.number().min(0).max(100)

const skippedText = z.object({
  chapterNumber: z.number().int(),
  index: count.describe('among the skips of its chapter'),
  reason: z.enum(skipReasons),
  text: z.string().describe('its first characters'),
  characters: count,
  restorable: z.boolean().describe('whether it has words of its own that could be spoken'),
})

export const coverage = z.object({
  characters: count.describe('of the source, what was taken out of the text included'),
  spoken: count,
  percent: percent.describe('of the characters, spoken'),
  chaptersLeftOut: z.object({
    chapterNumbers: z.array(z.number().int()),
    characters: count,
    percent,
  }),
  reasons: z
    .array(
      z.object({
        reason: z.enum(skipReasons),
        count,
        characters: count,
        percent,
        restorable: count,
        examples: z.array(skippedText),
      }),
    )
    .describe('in all chapters, what is most first'),
})

export const skipsQuery = pageQuery.extend({ reason: z.enum(skipReasons).optional() })

export const skips = z.object({
  success: z.literal(true),
  total: count,
  skips: z.array(skippedText),
})

export type Coverage = z.infer<typeof coverage>
export type SkippedText = z.infer<typeof skippedText>
