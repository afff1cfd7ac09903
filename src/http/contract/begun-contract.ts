import { z } from 'zod'
import { novel } from './novel-contract.ts'

// Request and response schemas of the novels that a listener can go on with.

export const begunQuery = z.object({ limit: z.coerce.number().int().min(1).max(20).default(6) })

export const begunNovel = novel.extend({
  chapter: z
    .object({
      number: z.number().int(),
      title: z.string(),
      inStory: z.number().int().optional().describe('its place among the chapters of the story'),
    })
    .describe('where listening goes on'),
})

export const begunRequest = z.strictObject({
  listed: z.boolean().describe('false: not among those to go on with, until it is listened to again'),
})

export type BegunNovel = z.infer<typeof begunNovel>
