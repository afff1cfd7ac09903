import { sourceFormats } from '../../novel/source-format.ts'

/** A file in the watched folder that may be a book. */
export interface FoundFile {
  /** Below the folder, with `/`. */
  readonly path: string
  readonly size: number
  /** Whole milliseconds. */
  readonly mtimeMs: number
}

/** One book, perhaps in several formats. */
export interface FoundBook {
  /** The same at every look: the folder of a book that has a `metadata.opf`, else the path without its ending. */
  readonly key: string
  /** The best format first. */
  readonly files: readonly FoundFile[]
  /** Whether Calibre's `metadata.opf` lies beside it. */
  readonly hasOpf: boolean
}

/** The endings of books, those first that tell most of a book. Those of no reader stand last: why they cannot be read is told. */
const endings: readonly string[] = [
  ...sourceFormats.epub.endings,
  '.azw3',
  '.mobi',
  '.azw',
  '.prc',
  ...sourceFormats.fb2.endings,
  ...sourceFormats.docx.endings,
  ...sourceFormats.odt.endings,
  '.htmlz',
  ...sourceFormats.html.endings,
  ...sourceFormats.markdown.endings,
  ...sourceFormats.rtf.endings,
  ...sourceFormats.text.endings,
  ...sourceFormats.pdf.endings,
  '.zip',
  '.doc',
  '.kfx',
  '.azw4',
  '.lit',
  '.djvu',
  '.cbz',
  '.cbr',
]
const longestFirst = endings.toSorted((a, b) => b.length - a.length)

/** Names that programs give to what they are still writing. */
const passing =
  /^[.~]|~$|\.(?:part|crdownload|download|partial|filepart|tmp|temp|opdownload|aria2|!ut|!qb|bc!|swp|sync|syncing)$/i
/** Beside a file, what tells that it is still fetched. */
const fetching = ['.part', '.crdownload', '.aria2', '.filepart', '.partial', '.tmp']

/** Whether what lies under a name is looked into: neither hidden nor unfinished, nor of a system's own. */
export function isLookedInto(name: string): boolean {
  return !passing.test(name) && !/^(?:@eaDir|#recycle|\$RECYCLE\.BIN|lost\+found|__MACOSX)$/i.test(name)
}

/** The ending of a book's name, in lower case; `undefined`: it is no book's, or unfinished. `names`: all in its folder. */
export function bookEnding(name: string, names: ReadonlySet<string>): string | undefined {
  if (!isLookedInto(name) || fetching.some((suffix) => names.has(name + suffix))) return undefined
  const lower = name.toLowerCase()
  return longestFirst.find((ending) => lower.endsWith(ending) && lower.length > ending.length)
}

/**
 * The books among the files of one folder (`folder`: its path, empty for the watched folder itself). In a folder with a
 * `metadata.opf`, as Calibre has one for each book, all are one; elsewhere those whose names differ in their endings alone.
 */
export function booksIn(folder: string, files: readonly FoundFile[], hasOpf: boolean): FoundBook[] {
  const isOne = hasOpf && folder !== ''
  const books = new Map<string, { file: FoundFile; rank: number }[]>()
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    const ending = bookEnding(name, new Set())
    if (ending === undefined) continue
    const key = isOne ? `${folder}/` : file.path.slice(0, -ending.length)
    const formats = books.get(key)
    const entry = { file, rank: endings.indexOf(ending) }
    if (formats) formats.push(entry)
    else books.set(key, [entry])
  }
  return [...books].map(([key, formats]) => ({
    key,
    hasOpf: isOne,
    files: formats
      .toSorted((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1))
      .map(({ file }) => file),
  }))
}
