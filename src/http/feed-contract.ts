import { z } from 'zod'

/** The shapes of what leaves the house by itself. */

export const feed = z.object({
  address: z.string().describe('secret: whoever has it can hear the novel'),
  createdAt: z.string(),
})

export type Feed = z.infer<typeof feed>

export const feedParams = z.object({ token: z.string().max(100) })
export const feedChapterParams = feedParams.extend({ number: z.coerce.number().int().min(1) })
