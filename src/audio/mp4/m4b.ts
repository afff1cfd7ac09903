import { frameSamples, sampleRate } from '../../novel/clip.ts'
import {
  ascii,
  box,
  dinf,
  edts,
  ftyp,
  fullBox,
  hdlr,
  mdhd,
  mp4a,
  mvhd,
  smhd,
  stsd,
  stts,
  tkhd,
  u16,
  u32,
  u64,
} from './mp4-boxes.ts'
import { chpl, titleSamples, titleTrack } from './mp4-chapters.ts'
import { type BookTags, bookUdta, iso639Language } from './mp4-tags.ts'

/** What of a chapter has to be known to lay out the file: of none of its clips anything by itself. */
export interface BookChapter {
  readonly title: string
  readonly clips: number
  /** AAC frames. */
  readonly frames: number
  /** Bytes of these frames. */
  readonly bytes: number
}

/**
 * A novel as an `.m4b` file that nobody has written, in pieces. Its tables, four bytes a frame, are not among what is
 * kept: they are made of the clips' sizes chapter by chapter, when and as far as somebody reads them.
 */
export interface BookFile {
  /** Bytes of the whole file. */
  readonly size: number
  readonly extents: readonly FileExtent[]
  /** Where each piece begins in the file. */
  readonly extentStarts: Float64Array
  /** Bytes of an offset: 8 where the file is larger than 4 GB. */
  readonly offsetBytes: 4 | 8
  /** Where each chapter's frames begin in the file. */
  readonly chapterStarts: Float64Array
  /** How many clips there are before each chapter. */
  readonly clipsBefore: Uint32Array
}

/** Bytes; or a chapter's rows of a table, or its frames themselves. */
export type FileExtent =
  | Uint8Array
  | { readonly of: Table | 'frames'; readonly chapter: number; readonly size: number }

/** `stsc`, `stsz`, and `stco` or `co64`. */
export type Table = 'chunks' | 'sizes' | 'offsets'

/** A place in the header that a table's rows fill, by the bytes they take in each chapter. */
interface TablePlaceholder {
  readonly table: Table
  readonly rowBytes: number
  readonly length: number
}

type Part = Uint8Array | TablePlaceholder

/** Lays out a novel. The same chapters and tags give the same file. */
export function layOutBook(chapters: readonly BookChapter[], tags: BookTags): BookFile {
  const sum = (of: 'clips' | 'frames' | 'bytes'): number =>
    chapters.reduce((total, chapter) => total + chapter[of], 0)
  const [clips, frames, payload] = [sum('clips'), sum('frames'), sum('bytes')]
  const titles = titleSamples(chapters)
  const titleBytes = Buffer.concat(titles)
  const data = titleBytes.length + payload
  const language = iso639Language(tags.language)
  const nero = chpl(chapters)
  const userData = bookUdta(tags, ...(nero ? [nero] : []))
  const duration = frames * frameSamples
  const averageBitRate = duration === 0 ? 0 : Math.round((payload * 8 * sampleRate) / duration)

  const header = (offsetBytes: 4 | 8, titlesAt: number): readonly Part[] => [
    ftyp('M4B ', 0x200, ['M4B ', 'M4A ', 'mp42', 'isom']),
    ...nest('moov', [
      mvhd(duration, 2),
      ...nest('trak', [
        tkhd(duration),
        edts(duration),
        box('tref', box('chap', u32(2))),
        ...nest('mdia', [
          mdhd(duration, language),
          hdlr('soun', 'SoundHandler'),
          ...nest('minf', [
            smhd(),
            dinf(),
            ...nest('stbl', [
              stsd(mp4a(averageBitRate)),
              stts(frames),
              // 8.7.4: a clip is a chunk, with a row of its own, so that the table's length is known beforehand.
              ...tableBox('stsc', [u32(clips)], { table: 'chunks', rowBytes: 12, length: clips }),
              ...tableBox('stsz', [u32(0), u32(frames)], { table: 'sizes', rowBytes: 4, length: frames }), // 8.7.3.2
              ...tableBox(offsetBytes === 4 ? 'stco' : 'co64', [u32(clips)], {
                table: 'offsets', // 8.7.5
                rowBytes: offsetBytes,
                length: clips,
              }),
              // 8.9.2, 10.1: who jumps into the middle decodes the frame before as well, since frames overlap.
              fullBox('sgpd', 1, 0, ascii('roll'), u32(2), u32(1), u16(0xffff)),
              fullBox('sbgp', 0, 0, ascii('roll'), u32(1), u32(frames), u32(1)),
            ]),
          ]),
        ]),
      ]),
      titleTrack(2, chapters, titles, language, titlesAt),
      userData,
    ]),
    Uint8Array.from(
      offsetBytes === 4
        ? [...u32(data + 8), ...ascii('mdat')]
        : [...u32(1), ...ascii('mdat'), ...u64(data + 16)],
    ),
  ]
  // The header's length does not depend on the offsets in it, so it is laid out once to be measured.
  const smallSize = lengthOf(header(4, 0))
  const offsetBytes = smallSize + data <= 0xffffffff ? 4 : 8
  const headerSize = offsetBytes === 4 ? smallSize : lengthOf(header(8, 0))
  const pieces = [
    ...mergeBytes([...header(offsetBytes, headerSize), titleBytes]).flatMap((part): readonly FileExtent[] =>
      part instanceof Uint8Array ? [part] : tableExtents(part, chapters),
    ),
    ...chapters.map(({ bytes }, chapter): FileExtent => ({ of: 'frames', chapter, size: bytes })),
  ]
  const first = headerSize + titleBytes.length
  return {
    size: first + payload,
    extents: pieces,
    extentStarts: runningSum(pieces.map(extentSize), 0),
    offsetBytes,
    chapterStarts: runningSum(
      chapters.map(({ bytes }) => bytes),
      first,
    ),
    clipsBefore: Uint32Array.from(
      runningSum(
        chapters.map((chapter) => chapter.clips),
        0,
      ),
    ),
  }
}

/** The parts of pieces that make up `[start, end)` of the file, in order, `[from, to)` in bytes of the piece. */
export function* extentsBetween(
  { extents, extentStarts }: BookFile,
  start: number,
  end: number,
): Generator<{ piece: FileExtent; from: number; to: number }> {
  for (const [at, piece] of extents.entries()) {
    const begins = extentStarts[at] ?? 0
    if (begins >= end) return
    const from = Math.max(0, start - begins)
    const to = Math.min(extentSize(piece), end - begins)
    if (from < to) yield { piece, from, to }
  }
}

function extentSize(piece: FileExtent): number {
  return piece instanceof Uint8Array ? piece.length : piece.size
}

/** With the bytes between two holes in one. */
function mergeBytes(parts: readonly Part[]): Part[] {
  const all: Part[] = []
  let bytes: Uint8Array[] = []
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      bytes.push(part)
      continue
    }
    all.push(Buffer.concat(bytes), part)
    bytes = []
  }
  return [...all, Buffer.concat(bytes)]
}

function tableExtents({ table, rowBytes }: TablePlaceholder, chapters: readonly BookChapter[]): FileExtent[] {
  return chapters.map(({ clips, frames }, chapter) => ({
    of: table,
    chapter,
    size: rowBytes * (table === 'sizes' ? frames : clips),
  }))
}

/** 4.2: a box around parts. */
function nest(type: string, parts: readonly Part[]): Part[] {
  return [Uint8Array.from([...u32(8 + lengthOf(parts)), ...ascii(type)]), ...parts]
}

/** A full box whose last field is a table. */
function tableBox(type: string, fields: readonly number[][], rows: TablePlaceholder): Part[] {
  return nest(type, [Uint8Array.from([0, 0, 0, 0, ...fields.flat()]), rows])
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce(
    (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.rowBytes * part.length),
    0,
  )
}

/** What stands before each, beginning with `first`. */
function runningSum(values: readonly number[], first: number): Float64Array {
  let sum = first
  return Float64Array.from(values, (value) => {
    const before = sum
    sum += value
    return before
  })
}

/** The sizes of a chapter's frames, in little room: two bytes a frame and twelve a clip. */
export interface ChapterSizes {
  /** Bytes of each frame, of all its clips in a row. */
  readonly frames: Uint16Array
  /** How many frames there are before each clip, and at the end how many in all. */
  readonly framesBefore: Uint32Array
  /** How many bytes of frames there are before each clip, and at the end how many in all. */
  readonly bytesBefore: Float64Array
}

/** `[from, to)` in bytes of a chapter's rows in a table of the file. */
export function tableRows(
  file: BookFile,
  table: Table,
  chapter: number,
  { frames, framesBefore, bytesBefore }: ChapterSizes,
  from: number,
  to: number,
): Uint8Array {
  if (table === 'sizes') return rows(4, from, to, (view, at, frame) => view.setUint32(at, frames[frame]!))
  if (table === 'chunks') {
    return rows(12, from, to, (view, at, clip) => {
      view.setUint32(at, file.clipsBefore[chapter]! + clip + 1)
      view.setUint32(at + 4, framesBefore[clip + 1]! - framesBefore[clip]!)
      view.setUint32(at + 8, 1) // sample description
    })
  }
  return rows(file.offsetBytes, from, to, (view, at, clip) => {
    const offset = file.chapterStarts[chapter]! + bytesBefore[clip]!
    if (file.offsetBytes === 4) view.setUint32(at, offset)
    else view.setBigUint64(at, BigInt(offset))
  })
}

function rows(
  rowBytes: number,
  from: number,
  to: number,
  write: (view: DataView, at: number, row: number) => void,
): Uint8Array {
  const first = Math.floor(from / rowBytes)
  const bytes = new Uint8Array((Math.ceil(to / rowBytes) - first) * rowBytes)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += rowBytes) write(view, at, first + at / rowBytes)
  return bytes.subarray(from - first * rowBytes, to - first * rowBytes)
}
