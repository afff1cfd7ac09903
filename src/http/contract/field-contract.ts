import { z } from 'zod'

// What the schemas of several subjects share. The page imports the types of all contracts; `/api/openapi.json` is generated
// from them.

/** It was done, and there is nothing more to say. */
export const done = z.object({ success: z.literal(true) })

/** A non-blank line of text. The limit applies before trimming, so that it can be stated in the JSON schema. */
export const nonEmptyLine = (longest: number) => z.string().max(longest).regex(/\S/, 'it is empty').trim()

export const novelId = z.uuid().describe('the id of a novel')

export const chapterNumber = z.coerce.number().int().min(1).describe('1 is the first in reading order')

export const voiceId = z.string().min(3).max(300).describe('e.g. hibari:heart, espeak:vi')

export const speed = z
  .number()
  .min(0.5)
  .max(2)
  .describe('1 is the pace of a narrator, 160 words a minute in English, whichever voice speaks')

export const seconds = z.number().min(0)

export const status = z.enum(['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'])

export const chapterStatus = z.enum([
  'none',
  'pending',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
])

export const deviceId = z.string().min(1).max(64).describe('an id that the device made itself')

/** In the answer to a removal. */
export const removal = z
  .uuid()
  .optional()
  .describe('id by which it can be brought back for an hour: POST /api/removals/:id/undo')
/** What a sentence of the server says, by code. */
export const said = z
  .object({
    code: z.string(),
    details: z.record(z.string(), z.string()).describe('the values that stand in the sentence'),
    retrySeconds: z.number().int().optional().describe('until it is tried again by itself; 0: now'),
  })
  .optional()
  .describe(
    'the sentence by its code, for programs that say it in other words; left out of what others have said',
  )

export type SaidView = NonNullable<z.infer<typeof said>>

/** A failure that something has ended with. */
export const trouble = z.object({
  code: z.string(),
  error: z.string().describe('one sentence that says what to do'),
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  detailSaid: said,
})

export type TroubleView = z.infer<typeof trouble>

export const novelParams = z.object({ id: novelId })

export const chapterParams = z.object({ id: novelId, number: chapterNumber })

export const segmentParams = chapterParams.extend({ index: z.coerce.number().int().min(0) })

/** Query of every list endpoint. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
})

/** Voice and speed of a rendition; left out: the novel's defaults. */
export const soundQuery = z.object({
  voice: voiceId.optional(),
  speed: z.coerce.number().min(0.5).max(2).optional(),
})

export const failure = z.object({
  success: z.literal(false),
  code: z.string(),
  error: z.string(),
  details: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('what stands in the sentence, by name, for programs that say it in other words'),
  detailSaid: said.describe('what `details.detail` says'),
  progress: z.unknown().optional(),
  export: z.unknown().optional(),
})

export type FailureAnswer = z.infer<typeof failure>
