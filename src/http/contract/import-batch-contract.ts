import { z } from 'zod'
import { importStates } from '../../novel/import-state.ts'
import { trouble } from './field-contract.ts'

// Request and response schemas of imports in the background.

const longestName = 1024
const count = z.number().int()

export const importParams = z.object({ id: z.uuid().describe('the id of an import') })
export const importFileParams = importParams.extend({ fileId: z.uuid().describe('of a file of the import') })

export const importRequest = z.strictObject({
  files: z
    .array(
      z.strictObject({
        name: z
          .string()
          .min(1)
          .max(longestName)
          .describe('its name, with folders before it if there are any'),
        bytes: count.min(0).max(Number.MAX_SAFE_INTEGER),
      }),
    )
    .min(1)
    .max(1000),
  kept: z.boolean().default(false).describe('who adds them alone sees their novels, where people sign in'),
})

export const importPatch = z.strictObject({
  kept: z.boolean().describe('who began it alone sees the novels that it brings in, or everybody does'),
})

const importFile = z.object({
  id: z.uuid(),
  name: z.string(),
  bytes: count,
  state: z
    .enum(importStates)
    .describe(
      'sending: it has not come yet; waiting, reading; added: a new novel; known: it was there; version: another version of a novel, offered to it; unchanged: the same without a change; unpacked: its books are files of their own; refused',
    ),
  novelId: z.uuid().nullable().describe('of a novel on the shelf'),
  title: z.string().nullable(),
  author: z.string().nullable(),
  versionId: z.uuid().nullable(),
  trouble: trouble.nullable().describe('why it was refused'),
})

export type ImportFileView = z.infer<typeof importFile>

const summary = z.object({
  id: z.uuid(),
  createdAt: z.string(),
  total: count.describe('files'),
  done: count.describe('files of which nothing more becomes by itself'),
  kept: z.literal(true).optional().describe('who began it alone sees the novels that it brings in'),
  mayKeep: z.literal(true).optional().describe('who asks may keep them to themselves'),
  states: z.partialRecord(z.enum(importStates), count).describe('how many files there are of each'),
})

export type ImportSummaryView = z.infer<typeof summary>

export const importsAnswer = z.object({ success: z.literal(true), imports: z.array(summary) })

const withFiles = summary.extend({ files: z.array(importFile) })
export type ImportView = z.infer<typeof withFiles>
export const importAnswer = z.object({ success: z.literal(true), import: withFiles })
