import { z } from 'zod'
import { listNumberings } from '../../novel/book-layout.ts'
import { markKinds } from '../../novel/novel.ts'

// Response schemas of how a book sets its text.

const whole = z.number().int()

export const mark = z.object({
  start: whole,
  end: whole,
  kind: z.enum(markKinds),
  to: z
    .union([z.object({ anchor: whole, chapter: whole }), z.object({ href: z.string() })])
    .optional()
    .describe('of a link: a block of the book, or an address of the web'),
  cell: z
    .object({
      column: whole,
      header: z.literal(true).optional(),
      columns: whole.optional().describe('that it spans'),
      rows: whole.optional().describe('that it spans'),
    })
    .optional()
    .describe('of a cell of a table’s row'),
})

export const container = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('list'),
    id: whole,
    item: whole.describe('index of the item; its blocks have the same'),
    numbering: z.enum(listNumberings).optional(),
    number: whole.optional(),
  }),
  z.object({
    kind: z.literal('definitions'),
    id: whole,
    item: whole.describe('index among terms and definitions; the blocks of one have the same'),
    term: z.literal(true).optional().describe('it is what is defined'),
  }),
  z.object({ kind: z.literal('quote'), id: whole }),
  z.object({ kind: z.literal('table'), id: whole, row: whole }),
])
