/** What places a book on an audiobookshelf. */
export interface ShelfPlace {
  /** Empty if nobody knows. */
  readonly author: string
  readonly title: string
  readonly series?: { readonly name: string; readonly position?: string } | undefined
}

/** Bytes in UTF-8 that most file systems take are 255; some of them are needed for numbers and endings. */
const mostBytes = 180

/** Names of devices, which Windows takes for no file. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * A title as the name of a file or folder, whatever system the folder is shared with; it never holds a separator and
 * never begins with a point, which audiobookshelf would skip.
 */
export function shelfName(title: string): string {
  const plain = title
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
  const name = shortened(plain).replace(/[. ]+$/, '')
  if (name === '') return 'Untitled'
  return devices.test(name) ? `${name}_` : name
}

/**
 * `Author/Title`, `Author/Series/02 - Title`, or `Title` where no author is known: as audiobookshelf reads folders. The
 * second novel of the same name is a copy with a number.
 */
export function bookPath({ author, title, series }: ShelfPlace, copy = 1): string {
  const name = shelfName(title) + (copy === 1 ? '' : ` (${copy})`)
  // Without an author, a series would be taken for one.
  if (author.trim() === '') return name
  if (!series || series.name.trim() === '') return `${shelfName(author)}/${name}`
  return `${shelfName(author)}/${shelfName(series.name)}/${sequence(series.position)}${name}`
}

/** audiobookshelf takes up to three digits and two decimals for a place in a series. */
function sequence(position: string | undefined): string {
  const [, whole, rest = ''] = /^(\d{1,3})(\.\d{1,2})?$/.exec(position ?? '') ?? []
  return whole === undefined ? '' : `${whole.padStart(2, '0')}${rest} - `
}

function shortened(text: string): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  let [short, bytes] = ['', 0]
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > mostBytes) break
    short += segment
  }
  return short
}
