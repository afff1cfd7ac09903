import { z } from 'zod'
import { transcodeFormats } from '../../novel/chapter-transcode.ts'
import { Failure } from '../../novel/failure.ts'
import { nonEmptyLine, soundQuery, said } from './field-contract.ts'

// Request and response schemas of exports, podcast feeds, OPDS and audiobookshelf.

const part = z.coerce.number().int().min(1).max(9999)
/** Maximum characters of the `chapters` query parameter. */
export const longestList = 2000

/** `1-3,7`, spaces allowed; numbers are 1 to 10,000. */
const chapterList =
  /^ *(?:[1-9]\d{0,3}|10000) *(?:- *(?:[1-9]\d{0,3}|10000) *)?(?:, *(?:[1-9]\d{0,3}|10000) *(?:- *(?:[1-9]\d{0,3}|10000) *)?)*$/

/** Voice, speed and part of the novel; left out: all of it. */
export const bookQuery = soundQuery.extend({
  part: part.optional().describe('with "of" or "maxBytes": the part of this number'),
  of: part.max(999).optional().describe('how many parts of about the same length; chapters stay whole'),
  maxBytes: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('parts as large as whole chapters fill them, none larger than this unless one chapter is'),
  bookPart: nonEmptyLine(500)
    .optional()
    .describe('the chapters of the book’s own part that is called so, or begins so'),
  chapters: z
    .string()
    .max(longestList)
    .regex(chapterList, { error: 'chapters are written as 1-3,7' })
    .optional()
    .describe('just these, as 1-3,7; refused while one of them is not ready'),
})

/** Validates the combination of `part`, `of` and `maxBytes`. Throws `request.senseless`. */
export function requireOneDivision({ part: number, of, maxBytes }: BookQuery): void {
  const refuse = (detail: string): Failure => new Failure('request.senseless', { detail })
  if ((number === undefined) !== (of === undefined && maxBytes === undefined)) {
    throw refuse('"part" goes with "of" or "maxBytes", as in part=2&of=4 or part=2&maxBytes=500000000')
  }
  if (of !== undefined && maxBytes !== undefined) {
    throw refuse('"of" and "maxBytes" are two ways to divide a novel; choose one of them')
  }
  if (number !== undefined && of !== undefined && number > of)
    throw refuse('there is no part behind the last')
}

export type BookQuery = z.infer<typeof bookQuery>

/** A format in which a novel can be exported. */
export const exportForm = z.object({
  form: z.string().describe('m4b, chapters, …'),
  title: z.string(),
  what: z.string().describe('what it is for, in a sentence'),
  ready: z.boolean().describe('whether something can be had now; it may still grow'),
  chaptersReady: z.number().int(),
  chaptersTotal: z.number().int(),
  bytes: z.number().int().nullable().describe('as it is now; null where that is not known beforehand'),
  seconds: z.number().min(0).describe('length of what is ready'),
  address: z.string().describe('where it is, with {number} in the place of a chapter’s number'),
})

export type ExportForm = z.infer<typeof exportForm>

/** Status of the transcodes of a chapter or a novel. Requests are idempotent. */
export const transcodeExport = z.object({
  id: z.string().describe('the hash of all that shapes it'),
  form: z.enum(transcodeFormats),
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  percent: z.number().min(0).max(100).describe('over all its chapters'),
  errorMessage: z.string().nullable(),
  errorSaid: said,
  waiting: z.string().nullable().describe('why nothing moves, when nothing moves: a full disk'),
  waitingSaid: said,
  realTimeFactor: z
    .number()
    .nullable()
    .describe('seconds of sound encoded per second by each process, lately; null until there is a figure'),
  chapters: z.number().int().describe('how many it is made of'),
})

export type Export = z.infer<typeof transcodeExport>

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
