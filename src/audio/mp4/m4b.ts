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

/** The data of a chapter that the layout needs, without any clip's own sizes. */
export interface BookChapter {
  readonly title: string
  readonly clips: number
  /** AAC frames. */
  readonly frames: number
  /** Bytes of these frames. */
  readonly bytes: number
}

/**
 * Layout of a novel's `.m4b` file, which is never stored, in extents. Its tables, four bytes a frame, are not kept:
 * they are computed from the clips' sizes chapter by chapter, when they are read.
 */
export interface BookFile {
  /** Size of the whole file in bytes. */
  readonly size: number
  readonly extents: readonly FileExtent[]
  /** Byte offset of each extent in the file. */
  readonly extentStarts: Float64Array
  /** Bytes of an offset: 8 if the file is larger than 4 GB. */
  readonly offsetBytes: 4 | 8
  /** Byte offset of each chapter's frames in the file. */
  readonly chapterStarts: Float64Array
  /** Number of clips before each chapter. */
  readonly clipsBefore: Uint32Array
}

/** Bytes, a chapter's rows of a table, or a chapter's frames. */
export type FileExtent =
  | Uint8Array
  | { readonly of: Table | 'frames'; readonly chapter: number; readonly size: number }

/** `stsc`, `stsz`, and `stco` or `co64`. */
export type Table = 'chunks' | 'sizes' | 'offsets'

/** Placeholder in the header for a table's rows, with the bytes of a row. */
interface TablePlaceholder {
  readonly table: Table
  readonly rowBytes: number
  readonly length: number
}

type Part = Uint8Array | TablePlaceholder

/** Lays out a novel's file. The same chapters and tags give the same file. */
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
              // 8.7.4: each clip is a chunk with its own row, so the table's length is known in advance.
              ...tableBox('stsc', [u32(clips)], { table: 'chunks', rowBytes: 12, length: clips }),
              ...tableBox('stsz', [u32(0), u32(frames)], { table: 'sizes', rowBytes: 4, length: frames }), // 8.7.3.2
              ...tableBox(offsetBytes === 4 ? 'stco' : 'co64', [u32(clips)], {
                table: 'offsets', // 8.7.5
                rowBytes: offsetBytes,
                length: clips,
              }),
              // 8.9.2, 10.1: after a seek a player also decodes the previous frame, since frames overlap.
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
  // The header's length does not depend on the offsets in it, so it is built once to be measured.
  const smallSize = lengthOf(header(4, 0))
  const offsetBytes = smallSize + data <= 0xffffffff ? 4 : 8
  const headerSize = offsetBytes === 4 ? smallSize : lengthOf(header(8, 0))
  const extents = [
    ...mergeBytes([...header(offsetBytes, headerSize), titleBytes]).flatMap((part): readonly FileExtent[] =>
      part instanceof Uint8Array ? [part] : tableExtents(part, chapters),
    ),
    ...chapters.map(({ bytes }, chapter): FileExtent => ({ of: 'frames', chapter, size: bytes })),
  ]
  const first = headerSize + titleBytes.length
  return {
    size: first + payload,
    extents,
    extentStarts: runningSum(extents.map(extentSize), 0),
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

/** The parts of extents that cover `[start, end)` of the file, in order, `[from, to)` in bytes of the extent. */
export function* extentsBetween(
  { extents, extentStarts }: BookFile,
  start: number,
  end: number,
): Generator<{ extent: FileExtent; from: number; to: number }> {
  for (const [at, extent] of extents.entries()) {
    const begins = extentStarts[at] ?? 0
    if (begins >= end) return
    const from = Math.max(0, start - begins)
    const to = Math.min(extentSize(extent), end - begins)
    if (from < to) yield { extent, from, to }
  }
}

function extentSize(extent: FileExtent): number {
  return extent instanceof Uint8Array ? extent.length : extent.size
}

/** Merges adjacent byte arrays between placeholders. */
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

/** Running sums: the total before each value, starting with `first`. */
function runningSum(values: readonly number[], first: number): Float64Array {
  let sum = first
  return Float64Array.from(values, (value) => {
    const before = sum
    sum += value
    return before
  })
}

/** Frame sizes of a chapter, compactly: two bytes a frame and twelve a clip. */
export interface ChapterSizes {
  /** Bytes of each frame, of all clips in order. */
  readonly frames: Uint16Array
  /** Number of frames before each clip, followed by the total. */
  readonly framesBefore: Uint32Array
  /** Bytes of frames before each clip, followed by the total. */
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
