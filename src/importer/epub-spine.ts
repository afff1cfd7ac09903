import { decodeXml } from './decode.ts'
import type { Draft, Taken } from './draft.ts'
import type { Target } from './archive-path.ts'
import type { EpubPackage } from './epub-package.ts'
import { Failure } from '../novel/failure.ts'
import type { readBlocks, DocumentBlocks } from './xhtml-blocks.ts'
import type { ZipArchive } from './zip-archive.ts'

/** A document of the spine inside the stream: drafts `[start, end)`. */
export interface SpineDocument {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly title: string
  /** What its body says it is. */
  readonly types: readonly string[]
}

/** The whole book as one row of blocks, in which every id has its place. */
export interface SpineStream {
  readonly drafts: readonly Draft[]
  /** Those that hold text. */
  readonly documents: readonly SpineDocument[]
  /** All that the spine lists, with text or without. */
  readonly files: ReadonlySet<string>
  /**
   * The index of the draft that a place begins with; `undefined` for a place that holds no text (a cover, a list of links):
   * what stands after it must not be taken for it.
   */
  position(target: Target): number | undefined
  /** The drafts of a block-level element with this id, else the one draft where the id stands. */
  extent(target: Target): readonly [start: number, end: number] | undefined
  readonly remarks: readonly string[]
}

/** Documents that are read in all; a long web novel has 20 MB. */
const maxBytes = 256 * 1024 * 1024

/**
 * Reads the documents of the spine one after another; only their blocks stay in memory. Lists of links to the book's own
 * places are passed over (a table of contents is not to be read aloud), missing documents are remarked on. Throws what
 * `ZipArchive.read` and `readBlocks` throw.
 */
export async function readSpine(
  archive: ZipArchive,
  epub: EpubPackage,
  readDocument: typeof readBlocks,
): Promise<SpineStream> {
  const drafts: Draft[] = []
  const documents: SpineDocument[] = []
  const starts = new Map<string, number>()
  const places = new Map<string, number>()
  const ends = new Map<string, number>()
  const missing: string[] = []
  const broken = new Set<string>()
  let loose: Taken[] = []
  let bytesRead = 0

  for (const { file, properties, mediaType } of epub.spine) {
    const start = drafts.length
    if (/^(?:image|video|audio)\//.test(mediaType)) continue
    const bytes = await archive.read(file)
    if (bytes === undefined) {
      missing.push(file)
      continue
    }
    bytesRead += bytes.length
    if (bytesRead > maxBytes)
      throw new Failure('novel.hostile', { detail: 'it holds more than 256 MB of text' })
    const { text, encoding } = decodeXml(bytes)
    if (encoding !== 'utf-8' && !encoding.startsWith('utf-16')) broken.add(encoding)
    const read = readDocument(text, file)
    if (read.isContents || properties.includes('nav')) {
      loose.push({ at: 0, reason: 'table-of-contents', text: wholeText(read) })
      continue
    }
    const [first] = read.drafts
    if (first === undefined) loose.push(...read.loose)
    else {
      starts.set(file, start)
      first.taken = [...loose, ...first.taken]
      loose = []
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
  drafts.at(-1)?.taken.push(...loose.map((taken) => ({ ...taken, at: drafts.at(-1)?.text.length ?? 0 })))

  const position = ({ file, id }: Target): number | undefined =>
    (id === undefined ? undefined : places.get(`${file}#${id}`)) ?? starts.get(file)
  return {
    drafts,
    documents,
    files: new Set(epub.spine.map(({ file }) => file)),
    position,
    extent({ file, id }) {
      const start = places.get(`${file}#${id}`)
      if (start === undefined) return undefined
      const end = ends.get(`${file}#${id}`)
      return [start, end === undefined || end <= start ? start + 1 : end]
    },
    remarks: [
      ...(missing.length === 0
        ? []
        : [`${missing.length} of the book’s files are missing and were left out: ${listed(missing)}.`]),
      ...(broken.size === 0
        ? []
        : [`Some pages are not written in UTF-8; they were read as ${listed([...broken])}.`]),
    ],
  }
}

/** All that stands in a document, what was taken out of it too. */
function wholeText({ drafts, loose }: DocumentBlocks): string {
  const texts = drafts.flatMap(({ text, taken }) => [text, ...taken.map((one) => one.text)])
  return [...texts, ...loose.map(({ text }) => text)].filter((text) => text !== '').join(' ')
}

function listed(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} …`
}
