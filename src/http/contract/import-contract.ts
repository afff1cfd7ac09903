import { z } from 'zod'
import { novelWithChapters } from './novel-contract.ts'
import { recognisedVersion } from './version-contract.ts'

// Request and response schemas of what becomes a novel: a file, or what lies at an address.

/** The answer: the novel with its chapters. */
export const imported = novelWithChapters.extend({
  restored: z.literal(true).optional().describe('it was deleted, and is back with all that it had'),
  version: recognisedVersion
    .optional()
    .describe(
      'the file is another version of this novel, which is as it was: take it over, keep it apart or leave it',
    ),
  unchanged: z
    .literal(true)
    .optional()
    .describe('another file of this novel, in which every chapter is the same'),
})

const keptWords = 'who adds it alone sees it, where people sign in; a novel that all have stays theirs'

export const uploadQuery = z.object({
  kept: z.enum(['true', 'false']).default('false').describe(keptWords),
  separate: z
    .enum(['true', 'false'])
    .default('false')
    .describe('another version of a novel that is there becomes a novel of its own'),
})

export const addressRequest = z.strictObject({
  address: z
    .string()
    .max(4096)
    .describe('of a web page with text, or of a book in a format that an upload may have'),
  kept: z.boolean().default(false).describe(keptWords),
  separate: z
    .boolean()
    .default(false)
    .describe('another version of a novel that is there becomes a novel of its own'),
})
