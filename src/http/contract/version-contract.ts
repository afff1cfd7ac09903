import { z } from 'zod'
import { novelId, seconds } from './field-contract.ts'

// Request and response schemas of versions: another file of a novel that is there.

export const versionParams = z.object({ id: novelId, versionId: novelId })

const count = z.number().int()

const toSpeak = z.object({
  segments: count,
  seconds: seconds.describe('until they are spoken; 0 if nothing is spoken yet that tells how long'),
})

const summary = z.object({
  chaptersNow: count,
  chaptersThen: count,
  unchanged: count.describe('chapters that stay altogether as they are'),
  added: count,
  changed: count,
  gone: count,
  sentences: count.describe('of the narrated chapters, as they will be'),
  kept: count.describe('how many of them are spoken already and stay so'),
  anew: toSpeak.describe('sentences of chapters that are spoken, which are spoken by themselves'),
  new: toSpeak.describe('sentences of new chapters, which are spoken if that is wished'),
})

export const offeredVersion = z.object({
  id: novelId,
  fileName: z.string(),
  createdAt: z.string().describe('when it came'),
})

/** Of an upload that is another version of a novel. */
export const recognisedVersion = offeredVersion.extend({ difference: summary })

const sentences = z.array(z.string())

const chapterDifference = z.object({
  kind: z.enum(['added', 'changed', 'same', 'gone']).describe('same: only its title or its place is another'),
  title: z.string().describe('as it will be'),
  titleBefore: z.string().optional(),
  number: count.optional().describe('as it will be; left out of one that is gone'),
  numberBefore: count.optional().describe('left out of one that is added'),
  characters: count,
  narrated: z.boolean(),
  sentences: count,
  newSentences: count.describe('that the chapter did not have'),
  changes: z.array(z.object({ before: sentences, after: sentences })),
  moreChanges: count.describe('changes that are not listed'),
})

export const versionDifference = offeredVersion.extend({
  speakNew: z.boolean().describe('new chapters of this novel are spoken by themselves'),
  difference: summary,
  chapters: z.array(chapterDifference).describe('that do not stay altogether as they are'),
})

export const takeRequest = z.strictObject({
  speakNew: z
    .boolean()
    .optional()
    .describe('whether new chapters of this novel are spoken by themselves, now and later'),
})

export type RecognisedVersion = z.infer<typeof recognisedVersion>
export type OfferedVersion = z.infer<typeof offeredVersion>
export type VersionDifferenceView = z.infer<typeof versionDifference>
export type ChapterDifferenceView = z.infer<typeof chapterDifference>
export type DifferenceSummary = z.infer<typeof summary>
