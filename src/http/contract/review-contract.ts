import { z } from 'zod'
import { chapterEditKinds } from '../../novel/chapter-edit.ts'
import { skipReasons } from '../../novel/novel.ts'
import { nonEmptyLine, seconds } from './field-contract.ts'

// Request and response schemas of the review of a novel's chapters, and of what may be done to them.

const number = z.number().int().min(1)

const title = nonEmptyLine(500)

export const chapterCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rename'), chapterNumber: number, title }),
  z
    .strictObject({
      kind: z.literal('part'),
      first: number,
      last: number,
      part: title.nullable(),
    })
    .describe('chapters that belong to a part of the book; null: to none'),
  z
    .strictObject({ kind: z.literal('move'), first: number, last: number, to: number })
    .describe('"to" is the number of the first of them afterwards'),
  z.strictObject({
    kind: z.literal('narrate'),
    chapterNumbers: z.array(number).min(1).max(10_000),
    narrated: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('merge'), chapterNumber: number }).describe('with the next chapter'),
  z
    .strictObject({
      kind: z.literal('split'),
      chapterNumber: number,
      block: z.number().int().min(1).describe('index of the block with which the second chapter begins'),
      title: title.optional().describe('left out: the heading there'),
    })
    .describe('at a paragraph'),
  z
    .strictObject({
      kind: z.literal('restore'),
      skips: z
        .array(z.strictObject({ chapterNumber: number, index: z.number().int().min(0) }))
        .min(1)
        .max(1000)
        .optional(),
      reason: z.enum(skipReasons).optional().describe('all that were skipped for this reason'),
    })
    .describe('skipped texts that are spoken from now on: these, or all of a reason'),
])

const journalEntry = z.object({
  number: z.number().int(),
  kind: z.enum(chapterEditKinds),
  chapterNumber: z.number().int().describe('of the first chapter that it changes'),
})

const narrationReason = z
  .enum(['story', 'front', 'back', 'no-text', 'chosen'])
  .describe(
    'why it is narrated or not: where it stands in the book, that it has no text, or that somebody said so',
  )

export const review = z.object({
  chapters: z.array(
    z.object({
      number: z.number().int(),
      title: z.string(),
      part: z.string().optional(),
      matter: z.enum(['front', 'body', 'back']),
      narrated: z.boolean(),
      reason: narrationReason,
      characters: z.number().int(),
      segments: z.number().int(),
      firstWords: z.string(),
    }),
  ),
  undo: journalEntry.nullable().describe('what would be undone next'),
  redo: journalEntry.nullable(),
})

export const remade = z.object({
  segments: z.number().int(),
  chapters: z.number().int(),
  seconds: seconds.describe('until they are spoken anew'),
})

export type ChapterCommandBody = z.infer<typeof chapterCommand>
export type Review = z.infer<typeof review>
export type ReviewedChapter = Review['chapters'][number]
