import type { ImportedNovel } from '../../novel/novel.ts'

/** What a book says of itself. Missing fields are empty strings. */
export type BookMetadata = Pick<
  ImportedNovel,
  'title' | 'author' | 'description' | 'published' | 'series' | 'identifiers'
> & {
  /** Undefined if the book does not declare it. */
  readonly language: string | undefined
}
