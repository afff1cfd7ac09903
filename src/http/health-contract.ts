import { z } from 'zod'

export const health = z.object({
  success: z.literal(true),
  version: z.string(),
  database: z.object({ ok: z.boolean(), clips: z.number().int(), bytes: z.number().int() }),
  speakers: z.object({
    wanted: z.number().int(),
    alive: z.number().int(),
    busy: z.number().int(),
    state: z.enum(['ready', 'starting', 'failing']),
    reason: z.string().nullable().describe('why they fail'),
    modelLoads: z.number().int().describe('since the start: few, if each speaker keeps to its models'),
    modelLoadsLastHour: z.number().int(),
  }),
  disk: z.object({ freeBytes: z.number(), full: z.boolean() }),
  recordings: z
    .object({
      bytes: z.number().int(),
      limitBytes: z.number().int(),
      waiting: z.number().int().describe('chapters that are not made yet'),
      realTimeFactor: z.number().nullable().describe('seconds of sound per second of each process, lately'),
    })
    .describe('chapters as MP3 and Opus'),
  uptimeSeconds: z.number(),
})

export type Health = z.infer<typeof health>
