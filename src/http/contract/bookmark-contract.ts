import { z } from 'zod'
import { chapterNumber, novelId } from './field-contract.ts'

// Request and response schemas of bookmarks and their notes.

const index = z.number().int().min(0)

export const bookmarkParams = z.object({
  id: novelId,
  bookmarkId: z.uuid().describe('made by whoever makes the bookmark'),
})

export const bookmarkRequest = z.strictObject({
  chapterNumber: z.number().int().min(1),
  segment: index.optional().describe('the sentence, unless its place is given'),
  block: index.optional().describe('index of the block, with start'),
  start: index.optional().describe('of a character in the block’s text, in UTF-16 units'),
  note: z.string().max(20_000).trim().default(''),
  createdAt: z.iso.datetime().optional().describe('of a bookmark that comes back'),
})

export const bookmark = z.object({
  id: z.string(),
  novelId: z.string(),
  chapterNumber,
  chapterTitle: z.string(),
  block: index,
  start: index,
  segment: index.describe('of the sentence as the chapter is cut now'),
  quote: z.string().describe('the sentence as it was marked'),
  note: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})

/** The novels that the bookmarks are in, as far as a list of them has to name them. */
export const markedNovel = z.object({
  id: z.string(),
  title: z.string(),
  author: z.string(),
  language: z.string(),
})

export type Bookmark = z.infer<typeof bookmark>
export type BookmarkRequest = z.input<typeof bookmarkRequest>
export type MarkedNovel = z.infer<typeof markedNovel>
