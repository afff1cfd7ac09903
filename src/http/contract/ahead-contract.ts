import { z } from 'zod'
import { mostAhead, usuallyAhead } from '../../novel/reading-window.ts'
import { speed, voiceId } from './field-contract.ts'
import { priority, progressBrief } from './generation-contract.ts'

// Request and response schemas of chapters that are kept spoken ahead of whoever listens.

export const chaptersAhead = z.number().int().min(1).max(mostAhead)

export const keepAhead = z.strictObject({
  chapters: chaptersAhead
    .optional()
    .describe(`how many, beside the one that is heard; left out: as before, at first ${usuallyAhead}`),
  voice: voiceId.optional().describe('left out: the novel’s, also when that is changed'),
  speed: speed.optional().describe('left out: the novel’s'),
  priority: priority.optional().describe('left out: as before, at first 0'),
  paused: z.boolean().optional().describe('left out: false'),
})

export const ahead = z.object({
  chapters: z.number().int(),
  voice: z.string().nullable().describe('null: the novel’s'),
  speed: z.number().nullable().describe('null: the novel’s'),
  from: z.number().int().nullable().describe('the first chapter that it has; null: there is none'),
  to: z.number().int().nullable().describe('the last one'),
  toEnd: z.boolean().describe('whether nothing that is read out comes after it'),
  progress: progressBrief.describe('of the generation that has these chapters; its id stays'),
})

export type KeptAheadView = z.infer<typeof ahead>
