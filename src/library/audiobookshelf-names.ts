import { fileName } from '../novel/file-name.ts'

/** What places a book on an audiobookshelf. */
export interface AudiobookshelfPlace {
  /** Empty if nobody knows. */
  readonly author: string
  readonly title: string
  readonly series?: { readonly name: string; readonly position?: string } | undefined
}

/** A title as the name of a file or folder: see `fileName`; audiobookshelf skips names that begin with a point. */
export function audiobookshelfName(title: string): string {
  return fileName(title, 'Untitled')
}

/**
 * `Author/Title`, `Author/Series/02 - Title`, or `Title` where no author is known: as audiobookshelf reads folders. The
 * second novel of the same name is a copy with a number.
 */
export function bookPath({ author, title, series }: AudiobookshelfPlace, copy = 1): string {
  const name = audiobookshelfName(title) + (copy === 1 ? '' : ` (${copy})`)
  // Without an author, a series would be taken for one.
  if (author.trim() === '') return name
  if (!series || series.name.trim() === '') return `${audiobookshelfName(author)}/${name}`
  return `${audiobookshelfName(author)}/${audiobookshelfName(series.name)}/${sequence(series.position)}${name}`
}

/** audiobookshelf takes up to three digits and two decimals for a place in a series. */
function sequence(position: string | undefined): string {
  const [, whole, rest = ''] = /^(\d{1,3})(\.\d{1,2})?$/.exec(position ?? '') ?? []
  return whole === undefined ? '' : `${whole.padStart(2, '0')}${rest} - `
}
