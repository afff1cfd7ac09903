import { z } from 'zod'
import { inboxStates } from '../../novel/inbox-state.ts'
import { trouble } from './field-contract.ts'

// Request and response schemas of the watched folder.

const inboxFile = z.object({
  path: z.string().describe('below the folder'),
  state: z
    .enum([...inboxStates, 'waiting'])
    .describe(
      'imported: its book is on the shelf, or was; refused: it cannot be read; waiting: it is not complete yet',
    ),
  novelId: z.uuid().nullable().describe('of a novel on the shelf'),
  title: z.string().nullable(),
  trouble: trouble.nullable().describe('why it cannot be read, or is not spoken by itself'),
  readAt: z.string().nullable(),
})

export type InboxFileView = z.infer<typeof inboxFile>

const inbox = z.object({
  folder: z.string().nullable().describe('null: none is watched'),
  speak: z
    .union([z.enum(['no', 'all']), z.number().int()])
    .describe('what is spoken by itself: so many chapters from the beginning'),
  problem: z.string().nullable().describe('why the folder cannot be read now'),
  files: z.array(inboxFile).describe('unfinished and refused ones first, then the latest'),
})

export type InboxView = z.infer<typeof inbox>

export const inboxAnswer = z.object({ success: z.literal(true), inbox })

export const inboxRetry = z.strictObject({
  paths: z.array(z.string().max(4096)).min(1).max(20).describe('of refused files, which are read again'),
})
