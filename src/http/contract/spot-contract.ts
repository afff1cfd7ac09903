import { z } from 'zod'
import { doubtCodes } from '../../novel/clip-doubt.ts'
import { novelParams, seconds } from './field-contract.ts'

// Request and response schemas of the spots of a novel that the second ear suspects.

/** The two hashes of a clip's key. */
const spotId = z.string().regex(/^[0-9a-f]{64}$/)

export const spotParams = novelParams.extend({ spotId })

export const spotRequest = z.strictObject({
  fine: z.boolean().describe('`true`: it is fine as it is; `false`: it is to be checked after all'),
})

const spot = z.object({
  id: spotId.describe('of its clip'),
  chapterNumber: z.number().int(),
  chapterTitle: z.string(),
  segment: z.number().int().describe('index of the sentence in its chapter'),
  block: z.number().int(),
  text: z.string(),
  voice: z.string().describe('name of the voice that speaks it'),
  seconds,
  reasons: z.array(
    z.object({
      code: z.enum(doubtCodes),
      value: z.number().describe('as measured'),
      limit: z.number().describe('which it passed; 0: any is too much'),
    }),
  ),
  takes: z.number().int().describe('takes that were made; the best of them was kept'),
  state: z
    .enum(['open', 'fine', 'retaken'])
    .describe('`fine`: somebody says so; `retaken`: another take, which was asked for, is right'),
  undo: z.boolean().describe('whether the take before can be had again'),
  version: z.string().describe('another for another take'),
})
export type Spot = z.infer<typeof spot>

export const spotList = z.object({
  success: z.literal(true),
  open: z.number().int().describe('spots to be checked'),
  spots: z.array(spot),
})
export type SpotList = Omit<z.infer<typeof spotList>, 'success'>
