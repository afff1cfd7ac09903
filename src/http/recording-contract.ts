import { z } from 'zod'
import { transcodeFormats } from '../novel/recording.ts'

/** A chapter or a novel on its way into another form. Asking twice is asking once. */
export const transcodeExport = z.object({
  id: z.string().describe('the hash of all that shapes it'),
  form: z.enum(transcodeFormats),
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  percent: z.number().min(0).max(100).describe('over all its chapters'),
  errorMessage: z.string().nullable(),
  waiting: z.string().nullable().describe('why nothing moves, when nothing moves: a full disk'),
  realTimeFactor: z
    .number()
    .nullable()
    .describe('seconds of sound encoded per second by each process, lately; null until there is a figure'),
  chapters: z.number().int().describe('how many it is made of'),
})

export type Export = z.infer<typeof transcodeExport>
