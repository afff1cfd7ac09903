import { frameSamples, sampleRate } from '../../novel/clip.ts'
import {
  box,
  dinf,
  edts,
  fullBox,
  hdlr,
  mdhd,
  stsd,
  table32,
  tkhd,
  u16,
  u32,
  u64,
  u8,
  unityMatrix,
  zeros,
} from './mp4-boxes.ts'
import { truncateUtf8 } from './mp4-tags.ts'

/** A chapter's title and duration. */
export interface NamedChapter {
  readonly title: string
  /** AAC frames. */
  readonly frames: number
}

/** Nero's list counts chapters in one byte. */
const mostNeroChapters = 255
/** Bytes of a title in Nero's list. */
const longestTitle = 255

/**
 * Samples of a text track, one per title: QuickTime File Format, "Text sample data": the length, the text, and a box
 * that declares UTF-8.
 */
export function titleSamples(chapters: readonly NamedChapter[]): Uint8Array[] {
  const encoding = box('encd', u32(0x100))
  return chapters.map(({ title }) => {
    const text = truncateUtf8(title, longestTitle)
    return Buffer.concat([Uint8Array.from(u16(text.length)), text, encoding])
  })
}

/**
 * The track of chapter titles, which the audio track references by `tref`: QuickTime File Format, "Chapter lists". Its
 * samples are contiguous at `offset` in the file.
 */
export function titleTrack(
  id: number,
  chapters: readonly NamedChapter[],
  samples: readonly Uint8Array[],
  language: string,
  offset: number,
): Uint8Array {
  const duration = frameSamples * chapters.reduce((sum, { frames }) => sum + frames, 0)
  const count = u32(samples.length)
  const times = table32(samples.length * 2, (at) =>
    at % 2 === 0 ? 1 : (chapters[at >> 1]?.frames ?? 0) * frameSamples,
  )
  const stbl = box(
    'stbl',
    stsd(textEntry()),
    fullBox('stts', 0, 0, count, times),
    fullBox('stsc', 0, 0, u32(1), u32(1), count, u32(1)),
    fullBox(
      'stsz',
      0,
      0,
      u32(0),
      count,
      table32(samples.length, (at) => samples[at]?.length ?? 0),
    ),
    fullBox('stco', 0, 0, u32(1), u32(offset)),
  )
  const minf = box('minf', gmhd(), dinf(), stbl)
  return box(
    'trak',
    tkhd(duration, id, false),
    edts(duration),
    box('mdia', mdhd(duration, language), hdlr('text', 'ChapterHandler'), minf),
  )
}

/** QuickTime File Format, "Text sample description"; it is never displayed. */
function textEntry(): Uint8Array {
  return box(
    'text',
    zeros(6), // reserved
    u16(1), // data reference
    u32(0), // display flags
    u32(0), // justification
    zeros(6), // background
    zeros(8), // text box
    zeros(8), // reserved
    u16(0), // font
    u16(0), // face
    u8(0), // reserved
    u16(0), // reserved
    zeros(6), // foreground
    u8(0), // font name: none
  )
}

/** QuickTime File Format, "Base media information header atoms": a text track's counterpart of `smhd`. */
function gmhd(): Uint8Array {
  const ditherCopy = u16(0x40)
  const grey = u16(0x8000)
  return box(
    'gmhd',
    fullBox('gmin', 0, 0, ditherCopy, grey, grey, grey, u16(0), u16(0)),
    box('text', unityMatrix),
  )
}

/**
 * Nero's chapter list, for older players: times in units of 100 nanoseconds, the number of chapters in one byte.
 * Players that know the list ignore the text track, so a book with more chapters has no list.
 */
export function chpl(chapters: readonly NamedChapter[]): Uint8Array | undefined {
  if (chapters.length > mostNeroChapters) return undefined
  let frames = 0
  const listed = chapters.map((chapter) => {
    const start = Math.round((frames * frameSamples * 1e7) / sampleRate)
    frames += chapter.frames
    const title = truncateUtf8(chapter.title, longestTitle)
    return Buffer.concat([Uint8Array.from([...u64(start), ...u8(title.length)]), title])
  })
  return fullBox('chpl', 1, 0, u32(0), u8(listed.length), Buffer.concat(listed))
}
