import { Failure } from '../../novel/failure.ts'
import type { LinkTarget } from '../link-target.ts'
import { BookStyles } from '../styles/book-styles.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import type { BlockDraft, RemovedText } from '../block-draft.ts'
import type { readBlocks, DocumentBlocks } from '../xhtml/xhtml-blocks.ts'
import { readableItem, type ReadingOrder, type SpineItem } from '../epub-package.ts'
import type { BookFiles } from '../book-files.ts'
import { headLinks } from '../xhtml/head-links.ts'
import { lexiconsOf } from './publication-lexicons.ts'

/** A document of the spine and its drafts `[start, end)` in the stream. */
export interface SpineDocument {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly title: string
  /** Semantic types of its body. */
  readonly types: readonly string[]
}

/** The whole book as one sequence of blocks, with the position of every id. */
export interface SpineStream {
  readonly drafts: readonly BlockDraft[]
  /** The documents that contain text. */
  readonly documents: readonly SpineDocument[]
  /** All documents listed in the spine, with or without text. */
  readonly files: ReadonlySet<string>
  /** Drafts `[0, linearEnd)` are the linear reading order; those behind it are outside of the main text. */
  readonly linearEnd: number
  /**
   * The index of the draft at which a place begins; `undefined` for a place without text (a cover, a list of links), so
   * that the following text is not taken for it.
   */
  position(target: LinkTarget): number | undefined
  /** The drafts of the block-level element with this id, else the one draft that contains the id. */
  extent(target: LinkTarget): readonly [start: number, end: number] | undefined
  /** Paths of the pronunciation lexicons that the documents name. */
  readonly lexicons: ReadonlySet<string>
  readonly remarks: readonly string[]
}

/** Maximum bytes of one document; a web novel of 7 million Chinese characters in a single one has 21 MB. */
const maxDocumentBytes = 32 * 1024 * 1024
/** Maximum bytes of all documents; the longest novels in one file have 80 MB. */
const maxBytes = 128 * 1024 * 1024
/**
 * A document in which a stylesheet hides more than it shows, and at least this many units, is read without the
 * stylesheet.
 */
const maxHiddenUnits = 1_000

/**
 * Reads the documents of the spine in order; only their blocks stay in memory. Non-linear documents come last. Lists of
 * links into the book (a table of contents) are skipped; missing or unreadable documents are remarked on. Throws what
 * `ZipArchive.read` and `readBlocks` throw.
 */
export async function readSpine(
  archive: BookFiles,
  epub: ReadingOrder,
  readDocument: typeof readBlocks,
): Promise<SpineStream> {
  const drafts: BlockDraft[] = []
  const documents: SpineDocument[] = []
  const starts = new Map<string, number>()
  const places = new Map<string, number>()
  const ends = new Map<string, number>()
  const missing: string[] = []
  const unsupported: string[] = []
  const shown: string[] = []
  const broken = new Set<string>()
  const lexicons = new Set<string>()
  const styles = new BookStyles(archive)
  let unplaced: RemovedText[] = []
  let bytesRead = 0
  let linearEnd: number | undefined

  for (const listed of inReadingOrder(epub.spine)) {
    const start = drafts.length
    if (!listed.linear) linearEnd ??= start
    const item = readableItem(epub, listed)
    if (item === undefined) {
      if (!/^(?:image|video|audio)\//.test(listed.mediaType))
        unsupported.push(`${listed.file} (${listed.mediaType})`)
      continue
    }
    const { file } = item
    const bytes = await archive.read(file, maxDocumentBytes)
    if (bytes === undefined) {
      missing.push(file)
      continue
    }
    bytesRead += bytes.length
    if (bytesRead > maxBytes)
      throw new Failure('novel.hostile', {
        detail: `it holds more than ${maxBytes / 1024 / 1024} MB of text`,
      })
    const { text, encoding } = decodeXml(bytes)
    if (encoding !== 'utf-8' && !/^utf-(?:16|32)/.test(encoding)) broken.add(encoding)
    const links = headLinks(text)
    for (const lexicon of lexiconsOf(links, file)) lexicons.add(lexicon)
    const sheet = await styles.of(text, links, file)
    let read = readDocument(text, file, sheet)
    if (sheet !== undefined && read.hidden > maxHiddenUnits && read.hidden > textLengthOf(read)) {
      read = readDocument(text, file)
      shown.push(file)
    }
    if (read.isContents || item.properties.includes('nav')) {
      unplaced.push({ at: 0, reason: 'table-of-contents', text: wholeText(read) })
      continue
    }
    const [first] = read.drafts
    if (first === undefined) for (const removed of read.unplaced) unplaced.push(removed)
    else {
      starts.set(file, start)
      if (listed.file !== file) starts.set(listed.file, start)
      first.removed = [...unplaced, ...first.removed]
      unplaced = []
    }
    for (const draft of read.drafts) {
      for (const { id, at } of draft.anchors)
        places.set(`${file}#${id}`, drafts.length + (at > 0 && at >= draft.text.length ? 1 : 0))
      draft.anchors = []
      if (draft.trace !== undefined) draft.file = file
      drafts.push(draft)
    }
    for (const id of read.trailingIds) places.set(`${file}#${id}`, drafts.length)
    for (const [id, end] of read.extents) ends.set(`${file}#${id}`, start + end)
    if (drafts.length > start)
      documents.push({ file, start, end: drafts.length, title: read.title, types: read.types })
  }
  const last = drafts.at(-1)
  for (const removed of unplaced) last?.removed.push({ ...removed, at: last.text.length })

  const position = ({ file, id }: LinkTarget): number | undefined =>
    (id === undefined ? undefined : places.get(`${file}#${id}`)) ?? starts.get(file)
  return {
    drafts,
    documents,
    files: new Set(epub.spine.map(({ file }) => file)),
    lexicons,
    linearEnd: linearEnd ?? drafts.length,
    position,
    extent({ file, id }) {
      const start = places.get(`${file}#${id}`)
      if (start === undefined) return undefined
      const end = ends.get(`${file}#${id}`)
      return [start, end === undefined || end <= start ? start + 1 : end]
    },
    remarks: [
      ...remark(missing, 'of the book’s files are missing and were left out'),
      ...remark(unsupported, 'of the book’s files are no text that can be read, and were left out'),
      ...remark(
        shown,
        'of the book’s files hide most of their text by a stylesheet; it is read all the same',
      ),
      ...(broken.size === 0
        ? []
        : [`Some pages are not written in UTF-8; they were read as ${listing([...broken])}.`]),
    ],
  }
}

/**
 * Moves non-linear documents to the end: a note that opens in a window of its own would be read in the middle of a
 * sentence. Those before the first linear document stay, and a book without linear documents is read as it is.
 */
function inReadingOrder(spine: readonly SpineItem[]): SpineItem[] {
  const first = spine.findIndex(({ linear }) => linear)
  if (first < 0) return spine.map((item) => ({ ...item, linear: true }))
  const front = spine.slice(0, first).map((item) => ({ ...item, linear: true }))
  const rest = spine.slice(first)
  return [...front, ...rest.filter(({ linear }) => linear), ...rest.filter(({ linear }) => !linear)]
}

function textLengthOf({ drafts }: DocumentBlocks): number {
  return drafts.reduce((sum, { text }) => sum + text.length, 0)
}

/** All text of a document, including what was removed from it. */
function wholeText({ drafts, unplaced }: DocumentBlocks): string {
  const texts = drafts.flatMap(({ text, removed, readings }) => [
    text,
    ...removed.map((one) => one.text),
    ...readings.map(({ said = '' }) => said),
  ])
  return [...texts, ...unplaced.map(({ text }) => text)].filter((text) => text !== '').join(' ')
}

function remark(names: readonly string[], what: string): string[] {
  return names.length === 0 ? [] : [`${names.length} ${what}: ${listing(names)}.`]
}

function listing(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} …`
}
