import type { ToldOfBook } from '../../storage/novel-files.ts'
import type { NovelHead } from './book-reader.ts'

/** What was known of a book besides its file: kept beside its source, for when the database is lost. */
export function toldOfBook(read: NovelHead, amended: NovelHead): ToldOfBook {
  const isOther = (name: keyof ToldOfBook): boolean =>
    amended[name] !== undefined && JSON.stringify(amended[name]) !== JSON.stringify(read[name])
  const { title, author, identifiers, series } = amended
  return {
    ...(isOther('title') && { title }),
    ...(isOther('author') && { author }),
    ...(identifiers && isOther('identifiers') && { identifiers: [...identifiers] }),
    ...(series && isOther('series') && { series }),
  }
}
