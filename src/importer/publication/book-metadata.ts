import type { ImportedNovel } from '../../novel/novel.ts'
import { shortened, shortTitle } from '../title-text.ts'

/** What a book says of itself. Missing fields are empty strings. */
export type BookMetadata = Pick<
  ImportedNovel,
  'title' | 'author' | 'description' | 'published' | 'series' | 'identifiers'
> & {
  /** Undefined if the book does not declare it. */
  readonly language: string | undefined
}

/** Of an anthology the authors. */
const longestAuthors = 5_000
const longestDescription = 50_000
/** Of a date, and of a number within a series. */
const longestValue = 100

/** A hostile file may say millions of characters of itself, which every list of novels would hold. */
export function inUsualLength(metadata: BookMetadata): BookMetadata {
  const { title, author, description, published, series } = metadata
  return {
    ...metadata,
    title: shortTitle(title),
    author: shortened(author, longestAuthors),
    ...(description !== undefined && { description: shortened(description, longestDescription) }),
    ...(published !== undefined && { published: shortened(published, longestValue) }),
    ...(series && {
      series: {
        name: shortTitle(series.name),
        ...(series.position !== undefined && { position: shortened(series.position, longestValue) }),
      },
    }),
  }
}
