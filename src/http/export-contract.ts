import { z } from 'zod'
import { soundQuery } from './contract.ts'

const part = z.coerce.number().int().min(1).max(999)

/** Which sound, and which part of the novel; left out: all of it. */
export const bookQuery = soundQuery
  .extend({
    part: part.optional().describe('with "of": the part of this number, of parts of about the same length'),
    of: part.optional().describe('how many parts; chapters stay whole'),
    bookPart: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .optional()
      .describe('the chapters of the book’s own part that is called so, or begins so'),
  })
  .refine(({ part: number, of }) => (number === undefined) === (of === undefined), {
    message: '"part" and "of" go together, as in part=2&of=4',
  })
  .refine(({ part: number = 1, of = 1 }) => number <= of, { message: 'there is no part behind the last' })

/** A form in which a novel leaves the house. */
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
