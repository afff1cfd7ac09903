import { z } from 'zod'
import { pageQuery } from './field-contract.ts'

export const searchQuery = pageQuery.extend({
  q: z
    .string()
    .max(200)
    .regex(/\S/, 'it is empty')
    .describe('case, accents and the shapes of quotes are ignored'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const range = { start: z.number().int(), end: z.number().int() }

const searchHit = z.object({
  chapterNumber: z.number().int(),
  chapterTitle: z.string(),
  segment: z
    .number()
    .int()
    .nullable()
    .describe('where to begin to hear it; null: the chapter has nothing to say'),
  block: z.number().int(),
  ...range,
  snippet: z.object({ text: z.string(), ...range }),
})

export const searchResult = z.object({
  success: z.literal(true),
  count: z.number().int().describe('hits in the whole novel'),
  complete: z.boolean().describe('false: the time was over before the end of the novel; there may be more'),
  hits: z.array(searchHit),
})

export type SearchResult = z.infer<typeof searchResult>
