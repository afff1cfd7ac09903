import { z } from 'zod'
import { chapterEditKinds } from '../../novel/chapter-edit.ts'
import { chapterLengths, longestPattern } from '../../novel/heading-rule.ts'
import { skipReasons } from '../../novel/novel.ts'
import { nonEmptyLine, seconds } from './field-contract.ts'

// Request and response schemas of the review of a novel's chapters, and of what may be done to them.

const number = z.number().int().min(1)

const title = nonEmptyLine(500)

const pattern = nonEmptyLine(longestPattern)

const headingRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('automatic') }).describe('what the importer takes to be best'),
  z.strictObject({ kind: z.literal('words') }).describe('lines with a heading word'),
  z.strictObject({ kind: z.literal('numbers') }).describe('lines that are numbers, and count up'),
  z.strictObject({ kind: z.literal('capitals') }).describe('short lines in capitals'),
  z
    .strictObject({ kind: z.literal('level'), level: z.number().int().min(1).max(6) })
    .describe('of Markdown: headings of this level; those above are parts'),
  z.strictObject({ kind: z.literal('none') }).describe('no headings: one chapter'),
  z
    .strictObject({
      kind: z.literal('length'),
      characters: z.number().int().min(chapterLengths.least).max(chapterLengths.most),
    })
    .describe('no headings: chapters of about so many characters'),
  z
    .strictObject({ kind: z.literal('pattern'), pattern, part: pattern.optional() })
    .describe(
      'lines that answer to a pattern: words, {number}, {roman}, * for anything, | between alternatives',
    ),
])

const headingsCommand = z
  .strictObject({ kind: z.literal('headings'), rule: headingRule })
  .describe('chapters of a plain text where a rule finds them')
const rereadCommand = z
  .strictObject({ kind: z.literal('reread') })
  .describe('the chapters with what the importer finds in the file by now')

/** What reads the file of a novel again. */
export const readAgainCommand = z.discriminatedUnion('kind', [headingsCommand, rereadCommand])

export const chapterCommand = z.discriminatedUnion('kind', [
  headingsCommand,
  rereadCommand,
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
  z
    .strictObject({
      kind: z.literal('merge'),
      chapterNumber: number,
      last: number.optional().describe('left out: with the next chapter'),
    })
    .describe('a chapter with those behind it'),
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

export const headings = z.object({
  rule: headingRule.describe('by which the chapters were found'),
  rules: z.array(
    z.object({
      rule: headingRule,
      chapters: z.number().int(),
      titles: z.array(z.string()).describe('of the first ones'),
    }),
  ),
})

export const outlineRequest = z.strictObject({ rule: headingRule })

export const headingOutline = z.object({
  chapters: z.array(
    z.object({
      title: z.string(),
      part: z.string().optional(),
      characters: z.number().int(),
      narrated: z.boolean(),
    }),
  ),
})

export const remade = z.object({
  segments: z.number().int(),
  chapters: z.number().int(),
  seconds: seconds.describe('until they are spoken anew'),
})

export const readAgainPreview = z.object({
  chapters: z.array(
    z.object({
      title: z.string(),
      part: z.string().optional(),
      characters: z.number().int(),
      narrated: z.boolean(),
      kept: z.boolean().describe('it is there already, with this very text'),
    }),
  ),
  chaptersNow: z.number().int(),
  unfound: z.number().int().describe('chapters whose text the file does not have like this; they stay'),
  restored: z.number().int().describe('edits that restored skipped texts, which are skipped again'),
  staying: z.number().int().describe('sentences that are spoken and stay so'),
  remade,
})

export type HeadingRule = z.infer<typeof headingRule>
export type ReadAgainBody = z.infer<typeof readAgainCommand>
export type ReadAgainPreview = z.infer<typeof readAgainPreview>
export type HeadingOutline = z.infer<typeof headingOutline>
export type Headings = z.infer<typeof headings>
export type ChapterCommandBody = z.infer<typeof chapterCommand>
export type Review = z.infer<typeof review>
export type ReviewedChapter = Review['chapters'][number]
