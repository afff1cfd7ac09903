import { z } from 'zod'

// Request and response schemas of the health API.

const problem = z.object({
  code: z.string(),
  message: z.string().describe('one sentence that says what to do'),
})

export const health = z.object({
  success: z.literal(true),
  version: z.string(),
  database: z.object({
    ok: z.boolean(),
    clips: z.number().int(),
    bytes: z.number().int().describe('of all clips, wherever they are kept, with their rows'),
  }),
  speakers: z.object({
    wanted: z.number().int(),
    alive: z.number().int(),
    busy: z.number().int(),
    state: z
      .enum(['ready', 'starting', 'failing', 'empty'])
      .describe('`empty`: there are none on this machine, and no other machine has joined'),
    reason: z.string().nullable().describe('why they fail'),
    modelLoads: z.number().int().describe('since the start: few, if each speaker keeps to its models'),
    modelLoadsLastHour: z.number().int(),
  }),
  disk: z.object({
    freeBytes: z.number().describe('where the data folder of this server is'),
    full: z.boolean().describe('nothing more can be stored: there, in the database, or in the object store'),
  }),
  recordings: z
    .object({
      bytes: z.number().int(),
      limitBytes: z.number().int(),
      waiting: z.number().int().describe('chapters that are not made yet'),
      realTimeFactor: z.number().nullable().describe('seconds of sound per second of each process, lately'),
    })
    .describe('chapters as MP3 and Opus'),
  uptimeSeconds: z.number(),
  problems: z
    .array(problem)
    .describe('what is wrong, the gravest first; some of it only costs a part of the work'),
})

/** 503, while nothing can be spoken: the same fields, plus the first halting problem in the shape of a failure. */
export const unhealthy = health.extend({
  success: z.literal(false),
  code: z.string(),
  error: z.string(),
})

export type Health = z.infer<typeof health>
