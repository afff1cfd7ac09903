import { z } from 'zod'

/** The shapes of what leaves the house by itself. */

export const feed = z.object({
  address: z.string().describe('secret: whoever has it can hear the novel'),
  createdAt: z.string(),
})

export type Feed = z.infer<typeof feed>

export const feedParams = z.object({ token: z.string().min(1) })
export const feedChapterParams = feedParams.extend({ number: z.coerce.number().int().min(1) })

export const opdsQuery = z.object({
  query: z.string().max(200).optional().describe('looked for in title and author'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
})

export const audiobookshelf = z.object({
  state: z.enum(['off', 'waiting', 'written', 'failed']),
  path: z.string().optional().describe('where the book lies'),
  message: z.string().optional().describe('what it waits for, or what went wrong'),
})
