import { frameSamples, sampleRate } from '../novel/clip.ts'
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
import { udta, type ChapterTags } from './mp4-tags.ts'

/**
 * A chapter as an .m4a file that nobody has written: its beginning, and where in it each clip's frames stand. The same
 * clips and tags give the same header.
 */
export interface ChapterFile {
  /** `ftyp`, `moov` and the head of `mdat`. */
  readonly header: Uint8Array
  /** Bytes of the whole file. */
  readonly size: number
  /** Where the frames of each clip begin in the file, and at the end where the file ends. */
  readonly clipStarts: Float64Array
}

/** A stretch of the file: of its header, or of one clip's frames without their ADTS headers; `[start, end)` in bytes. */
export interface FilePart {
  /** Index of the clip; `undefined`: the header. */
  readonly clip: number | undefined
  readonly start: number
  readonly end: number
}

/** Lays out a chapter from the sizes of its clips' frames; what it needs is about 5 bytes a frame. */
export function layOutChapter(clips: readonly ArrayLike<number>[], tags: ChapterTags): ChapterFile {
  const payloadStarts = startsOf(clips)
  const payload = payloadStarts[clips.length]!
  const sizes = frameTable(clips)
  const frames = sizes.length / 4
  const headerWith = (offsets: Uint8Array, mdat: readonly number[]): Uint8Array =>
    Buffer.concat([
      ftyp('M4A ', 0x200, ['M4A ', 'mp42', 'isom']),
      moov(clips, frames, payload, sizes, offsets, tags),
      Uint8Array.from(mdat),
    ])
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
  // The header's length does not depend on the offsets in it, so it is laid out once to be measured.
  const smallSize = small(0).length
  const header = smallSize + payload <= 0xffffffff ? small(smallSize) : large(large(0).length)
  return {
    header: new Uint8Array(header),
    size: header.length + payload,
    clipStarts: payloadStarts.map((start) => header.length + start),
  }
}

/** The parts that make up `[start, end)` of the file, in order; nothing for what is beyond it. */
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

/** The last clip that begins at or before this byte, by halving; 0 if it stands in the header. */
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

function moov(
  clips: readonly ArrayLike<number>[],
  frames: number,
  payload: number,
  sizes: Uint8Array,
  offsets: Uint8Array,
  tags: ChapterTags,
): Uint8Array {
  const duration = frames * frameSamples
  const averageBitRate = duration === 0 ? 0 : Math.round((payload * 8 * sampleRate) / duration)
  const sampleTables = [
    stts(frames),
    stsc(clips),
    fullBox('stsz', 0, 0, u32(0), u32(frames), sizes), // 8.7.3.2
    offsets, // 8.7.5
    // 8.9.2, 10.1: who jumps into the middle decodes the frame before as well, since frames overlap.
    fullBox('sgpd', 1, 0, ascii('roll'), u32(2), u32(1), u16(0xffff)),
    fullBox('sbgp', 0, 0, ascii('roll'), u32(1), u32(frames), u32(1)),
  ]
  return box('moov', mvhd(duration), trak(duration, averageBitRate, edts(duration), sampleTables), udta(tags))
}

/** 8.7.4: a clip is a chunk; a row wherever the number of frames in a chunk changes. */
function stsc(clips: readonly ArrayLike<number>[]): Uint8Array {
  const rows: number[] = []
  clips.forEach((sizes, clip) => {
    if (sizes.length !== clips[clip - 1]?.length) rows.push(clip + 1, sizes.length, 1)
  })
  const table = table32(rows.length, (i) => rows[i]!)
  return fullBox('stsc', 0, 0, u32(rows.length / 3), table)
}
