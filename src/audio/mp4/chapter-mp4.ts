import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { bitRate } from '../mastering-settings.ts'
import {
  ascii,
  box,
  edts,
  ftyp,
  fullBox,
  mvhd,
  stts,
  table32,
  table64,
  trak,
  u16,
  u32,
  u64,
} from './mp4-boxes.ts'
import { type ChapterTags, udta, udtaSize } from './mp4-tags.ts'

/**
 * Layout of a chapter's .m4a file, which is never stored: its header, and the position of each clip's frames. The same
 * clips and tags give the same header.
 */
export interface ChapterFile {
  /** `ftyp`, `moov` and the header of `mdat`. */
  readonly header: Uint8Array
  /** Size of the whole file in bytes. */
  readonly size: number
  /** Byte offset of each clip's frames in the file, followed by the file's size. */
  readonly clipStarts: Float64Array
}

/** A range of the header, or of one clip's frames without their ADTS headers; `[start, end)` in bytes. */
export interface FilePart {
  /** Index of the clip; `undefined`: the header. */
  readonly clip: number | undefined
  readonly start: number
  readonly end: number
}

/**
 * Size in bytes of the file of a chapter with so many clips, frames, and bytes of frames: computed without reading any
 * of them, since each table has one row per clip or frame.
 */
export function chapterFileSize(
  { clips, frames, bytes }: { readonly clips: number; readonly frames: number; readonly bytes: number },
  tags: ChapterTags,
): number {
  const rows = clips * chunkBytes + frames * sizeBytes
  const small = sizeBeforeFrames(frames) + udtaSize(tags) + rows + clips * 4
  return small + bytes <= 0xffffffff ? small + bytes : small + clips * 4 + largeMdatBytes + bytes
}

/** Bytes of a row of `stsc` and of `stsz`, and the extra bytes of the header of an `mdat` larger than 4 GB. */
const [chunkBytes, sizeBytes, largeMdatBytes] = [12, 4, 8]
const noRows = new Uint8Array()
/** Keyed by whether times need 64 bits: which boxes there are and their sizes are otherwise constant. */
const knownSizes = new Map<string, number>()

/** Bytes before the frames, without tags and table rows. */
function sizeBeforeFrames(frames: number): number {
  const kind = `${frames === 0} ${frames * frameSamples > 0xffffffff}`
  const known = knownSizes.get(kind)
  if (known !== undefined) return known
  const tables = sampleTables(0, frames, noRows, noRows, fullBox('stco', 0, 0, u32(0)))
  const size = startOf(frames, 0, tables, noRows).length + 8
  knownSizes.set(kind, size)
  return size
}

/** Lays out a chapter from the sizes of its clips' frames; needs about 5 bytes of memory a frame. */
export function layOutChapter(clips: readonly ArrayLike<number>[], tags: ChapterTags): ChapterFile {
  const payloadStarts = startsOf(clips)
  const payload = payloadStarts[clips.length]!
  const sizes = frameTable(clips)
  const frames = sizes.length / 4
  const chunks = table32(clips.length * 3, (at) => {
    const clip = Math.floor(at / 3)
    if (at % 3 === 0) return clip + 1
    return at % 3 === 1 ? clips[clip]!.length : 1
  })
  const userData = udta(tags)
  const headerWith = (offsets: Uint8Array, mdat: readonly number[]): Uint8Array => {
    const tables = sampleTables(clips.length, frames, chunks, sizes, offsets)
    return Buffer.concat([startOf(frames, payload, tables, userData), Uint8Array.from(mdat)])
  }
  const small = (header: number): Uint8Array => {
    const offsets = table32(clips.length, (clip) => header + payloadStarts[clip]!)
    return headerWith(fullBox('stco', 0, 0, u32(clips.length), offsets), [
      ...u32(payload + 8),
      ...ascii('mdat'),
    ])
  }
  const large = (header: number): Uint8Array => {
    const offsets = table64(clips.length, (clip) => header + payloadStarts[clip]!)
    return headerWith(fullBox('co64', 0, 0, u32(clips.length), offsets), [
      ...u32(1),
      ...ascii('mdat'),
      ...u64(payload + 16),
    ])
  }
  // The header's length does not depend on the offsets in it, so it is built once to be measured.
  const smallSize = small(0).length
  const header = smallSize + payload <= 0xffffffff ? small(smallSize) : large(large(0).length)
  return {
    header: new Uint8Array(header),
    size: header.length + payload,
    clipStarts: payloadStarts.map((start) => header.length + start),
  }
}

/** The parts of `[start, end)` of the file, in order; nothing beyond its end. */
export function* partsOf(
  file: Pick<ChapterFile, 'header' | 'clipStarts'>,
  start: number,
  end: number,
): Generator<FilePart> {
  const headerSize = file.header.length
  if (start < Math.min(end, headerSize)) {
    yield { clip: undefined, start, end: Math.min(end, headerSize) }
  }
  const clips = file.clipStarts.length - 1
  for (let clip = clipAt(file.clipStarts, start); clip < clips && file.clipStarts[clip]! < end; clip++) {
    const clipStart = file.clipStarts[clip]!
    const clipEnd = Math.min(end, file.clipStarts[clip + 1]!)
    const from = Math.max(start, clipStart)
    if (from < clipEnd) yield { clip, start: from - clipStart, end: clipEnd - clipStart }
  }
}

/** Binary search for the last clip that begins at or before a byte; 0 for a byte of the header. */
function clipAt(clipStarts: Float64Array, position: number): number {
  let low = 0
  let high = clipStarts.length - 1
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (clipStarts[middle]! <= position) low = middle
    else high = middle
  }
  return low
}

function startsOf(clips: readonly ArrayLike<number>[]): Float64Array {
  const starts = new Float64Array(clips.length + 1)
  clips.forEach((sizes, clip) => {
    let bytes = 0
    for (let frame = 0; frame < sizes.length; frame++) bytes += sizes[frame]!
    starts[clip + 1] = starts[clip]! + bytes
  })
  return starts
}

function frameTable(clips: readonly ArrayLike<number>[]): Uint8Array {
  const frames = clips.reduce((sum, sizes) => sum + sizes.length, 0)
  const bytes = new Uint8Array(frames * 4)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const sizes of clips) {
    for (let frame = 0; frame < sizes.length; frame++, at += 4) view.setUint32(at, sizes[frame]!)
  }
  return bytes
}

function startOf(
  frames: number,
  payload: number,
  tables: readonly Uint8Array[],
  userData: Uint8Array,
): Uint8Array {
  const duration = frames * frameSamples
  const averageBitRate = duration === 0 ? 0 : Math.round((payload * 8 * sampleRate) / duration)
  return Buffer.concat([
    ftyp('M4A ', 0x200, ['M4A ', 'mp42', 'isom']),
    box('moov', mvhd(duration), trak(duration, averageBitRate, edts(duration), tables), userData),
  ])
}

/** `chunks`, `sizes`: rows of tables; `offsets`: a whole box. */
function sampleTables(
  clips: number,
  frames: number,
  chunks: Uint8Array,
  sizes: Uint8Array,
  offsets: Uint8Array,
): Uint8Array[] {
  return [
    stts(frames),
    // 8.7.4: each clip is a chunk with its own row, so the table's length is known in advance.
    fullBox('stsc', 0, 0, u32(clips), chunks),
    fullBox('stsz', 0, 0, u32(0), u32(frames), sizes), // 8.7.3.2
    offsets, // 8.7.5
    // 8.9.2, 10.1: after a seek a player also decodes the previous frame, since frames overlap.
    fullBox('sgpd', 1, 0, ascii('roll'), u32(2), u32(1), u16(0xffff)),
    fullBox('sbgp', 0, 0, ascii('roll'), u32(1), u32(frames), u32(1)),
  ]
}

/** A frame depends on no other: ISO/IEC 14496-12, 8.8.3.1. */
const independent = 0x02000000

/** The init segment shared by all chapters' fragments, for Media Source players. */
export function initSegment(): Uint8Array {
  const noRows = u32(0)
  const sampleTables = [
    stts(0),
    fullBox('stsc', 0, 0, noRows),
    fullBox('stsz', 0, 0, u32(0), noRows),
    fullBox('stco', 0, 0, noRows),
  ]
  const trex = fullBox('trex', 0, 0, u32(1), u32(1), u32(frameSamples), u32(0), u32(independent))
  return Buffer.concat([
    ftyp('iso5', 0x200, ['iso5', 'iso6', 'mp41']),
    box('moov', mvhd(0), trak(0, bitRate, new Uint8Array(0), sampleTables), box('mvex', trex)),
  ])
}

/**
 * A clip as one movie fragment (ISO/IEC 14496-12, 8.8). `sequence` counts from 1, `baseDecodeTime` is the clip's start
 * in its chapter in samples; `payload` is its frames without ADTS headers.
 */
export function fragment(
  sequence: number,
  baseDecodeTime: number,
  payload: Uint8Array,
  frameSizes: ArrayLike<number>,
): Uint8Array {
  const moofAt = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, 0x020000, u32(1)), // offsets count from this moof
        fullBox('tfdt', 1, 0, u64(baseDecodeTime)),
        // data offset and each frame's size; other fields default to the init segment's
        fullBox(
          'trun',
          0,
          0x000201,
          u32(frameSizes.length),
          u32(dataOffset),
          table32(frameSizes.length, (frame) => frameSizes[frame]!),
        ),
      ),
    )
  const moofSize = moofAt(0).length
  return Buffer.concat([moofAt(moofSize + 8), box('mdat', payload)])
}
