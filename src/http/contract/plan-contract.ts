import { z } from 'zod'
import { chaptersAhead } from './ahead-contract.ts'
import { seconds, speed, voiceId } from './field-contract.ts'

// Request and response schemas of what a generation would do, before it is asked for.

export const planRequest = z.strictObject({
  chapterNumbers: z
    .array(z.number().int().min(1))
    .min(1)
    .max(10_000)
    .optional()
    .describe('left out: every narrated chapter'),
  ahead: chaptersAhead.optional().describe('instead: so many chapters ahead of whoever listens now'),
  voice: voiceId.optional(),
  speed: speed.optional(),
})

const count = z.number().int().min(0)

export const plan = z.object({
  voice: z.string(),
  speed: z.number(),
  chapters: count,
  segments: z.object({
    total: count,
    reused: count.describe('spoken already in this voice and speed'),
    missing: count,
  }),
  seconds: z.object({
    total: seconds.describe('length of the audio'),
    missing: seconds,
    exact: z.boolean().describe('false: what is missing is estimated from its characters'),
  }),
  time: z.object({
    seconds: seconds.describe('until the missing segments are spoken, if nothing else is'),
    basis: z.enum(['measured', 'typical']).describe('typical: this machine has not spoken the voice yet'),
  }),
  speakers: z
    .object({ used: count, all: count })
    .optional()
    .describe('how many speakers have the memory for this voice, if not all have'),
  disk: z.object({
    needed: count.describe('bytes'),
    free: count.nullable().describe('bytes; null where clips are not kept on this machine'),
  }),
  remade: z
    .object({ segments: count, chapters: count, seconds })
    .describe('what is spoken in the novel’s own voice and speed and would be spoken anew'),
})

export type Plan = z.infer<typeof plan>
