import { z } from 'zod'
import { opdsFetchStates, opdsOutcomes } from '../../novel/opds-source.ts'
import { nonEmptyLine, trouble } from './field-contract.ts'

// Request and response schemas of OPDS catalogues from which books are fetched.

const sourceFields = {
  title: nonEmptyLine(80).describe('what you call it; left out: as it calls itself'),
  address: z
    .string()
    .max(500)
    .regex(/^\s*https?:\/\//i, 'an address such as https://box.local/opds is wanted'),
  user: nonEmptyLine(200).nullable().describe('for Basic authentication; null: none'),
  password: z
    .string()
    .min(1)
    .max(500)
    .nullable()
    .describe(
      'sent to the origin of the address only, and never told again; another origin or name drops it',
    ),
}

export const opdsSourcePost = z.strictObject(sourceFields).partial().required({ address: true })
export const opdsSourcePatch = z.strictObject(sourceFields).partial()
export const opdsSourceParams = z.object({ id: z.uuid() })

const opdsSource = z.object({
  id: z.uuid(),
  title: z.string(),
  address: z.string(),
  user: z.string().nullable(),
  hasPassword: z.boolean(),
})

export const oneOpdsSource = z.object({ success: z.literal(true), source: opdsSource })
export const opdsSourceList = z.object({ success: z.literal(true), sources: z.array(opdsSource) })
export type OpdsSourceView = z.infer<typeof opdsSource>

const pageAddress = z
  .string()
  .max(4000)
  .regex(/^https?:\/\/\S+$/i, 'an address of a page of the catalogue is wanted')

export const opdsPageQuery = z.object({
  at: pageAddress.optional().describe('the address of a page, as another page told it; left out: the first'),
  search: z
    .string()
    .max(200)
    .regex(/\S/, 'it is empty')
    .optional()
    .describe('words to search for; `at` is then the `search` of a page'),
})

const fetchId = z.uuid()
const opdsFetch = z.object({
  id: fetchId,
  sourceId: z.uuid(),
  address: z.string(),
  title: z.string(),
  author: z.string(),
  state: z
    .enum(opdsFetchStates)
    .describe(
      'waiting: it is fetched, or will be; imported: its book is on the shelf, or was; failed: see trouble',
    ),
  bytesDone: z.number().int().nullable().describe('of one that is fetched now'),
  bytes: z.number().int().nullable().describe('of the whole book, if the other server tells it'),
  outcome: z
    .enum(opdsOutcomes)
    .nullable()
    .describe(
      'added: a new novel; present: it was there; version: it is offered to its novel as another version',
    ),
  novelId: z.string().nullable().describe('of a novel on the shelf'),
  novelTitle: z.string().nullable(),
  trouble: trouble.nullable().describe('why it could not be fetched or read'),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
})
export type OpdsFetchView = z.infer<typeof opdsFetch>

const opdsBook = z.object({
  title: z.string(),
  author: z.string(),
  summary: z.string().nullable(),
  files: z
    .array(z.object({ address: z.string(), type: z.string(), ending: z.string() }))
    .describe('those that can be read, the best first; empty: none'),
  fetch: opdsFetch.nullable().describe('what became of it, if it was asked for'),
})
export type OpdsBookView = z.infer<typeof opdsBook>

const opdsPage = z.object({
  title: z.string(),
  folders: z.array(z.object({ title: z.string(), summary: z.string().nullable(), address: z.string() })),
  books: z.array(opdsBook),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  search: z.string().nullable().describe('what is given back as `at` to search'),
  total: z.number().int().nullable().describe('books on all pages'),
})
export type OpdsPageView = z.infer<typeof opdsPage>

export const opdsPageAnswer = z.object({ success: z.literal(true), source: opdsSource, page: opdsPage })

export const opdsFetchPost = z.strictObject({
  books: z
    .array(
      z.strictObject({
        address: pageAddress.describe('of a file of the book'),
        type: z.string().max(200).default(''),
        title: nonEmptyLine(300),
        author: z.string().max(300).default(''),
      }),
    )
    .min(1)
    .max(100),
})
export const opdsFetchParams = z.object({ fetchId })
export const opdsFetchQuery = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) })
export const opdsFetchList = z.object({
  success: z.literal(true),
  fetches: z.array(opdsFetch).describe('those that wait first, then what failed, then the latest'),
})
