import type { TranscodeCover, TranscodeTags } from '../../novel/chapter-transcode.ts'
import type { SectionMark } from '../../novel/section-marks.ts'
import { iso639Language, truncateUtf8 } from '../mp4/mp4-tags.ts'

/** ID3v2.4 text encoding: UTF-8. */
const utf8 = 3
/** Picture type: front cover. */
const frontCover = 3
/** A table of contents counts its entries in one byte. */
const maxEntries = 255
const [topLevel, ordered] = [2, 1]
/** Bytes. FFmpeg reads the size of a nested frame as 8 bits per byte instead of 7, and drops a larger mark. */
const maxMarkBytes = 126

/**
 * Tag at the beginning of an MP3 (ID3v2.4.0, "Main structure" and "Native Frames"), as audiobook players read it: the
 * narrator is the composer, the novel the album, the chapter the track. ID3's chapters are the marks in it ("ID3v2
 * Chapter Frame Addendum" 1.0).
 */
export function id3Tag(tags: TranscodeTags, marks: readonly SectionMark[], cover?: TranscodeCover): Buffer {
  const { series } = tags
  const frames = [
    textFrame('TIT2', tags.title),
    textFrame('TALB', tags.novelTitle),
    textFrame('TPE1', tags.author),
    textFrame('TPE2', tags.author),
    textFrame('TCOM', tags.narrator),
    textFrame('TRCK', `${tags.number}/${tags.of}`),
    textFrame('TDRC', tags.published),
    textFrame('TLAN', iso639Language(tags.language)),
    textFrame('TCON', 'Audiobook'),
    userFrame('NARRATOR', tags.narrator),
    userFrame('SERIES', series?.name),
    userFrame('SERIES-PART', series?.position),
    ...contentsFrames(tags.title, marks),
    ...marks.map(markFrame),
    cover ? pictureFrame(cover) : empty,
  ]
  const body = Buffer.concat(frames)
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0]), syncSafe(body.length), body])
}

const empty = Buffer.alloc(0)

function textFrame(id: string, value: string | undefined): Buffer {
  return value ? frame(id, Buffer.from([utf8]), Buffer.from(value)) : empty
}

/** A user-defined text frame, for values without a frame of their own. */
function userFrame(name: string, value: string | undefined): Buffer {
  return value ? frame('TXXX', Buffer.from([utf8]), Buffer.from(`${name}\0${value}`)) : empty
}

function pictureFrame({ mediaType, bytes }: TranscodeCover): Buffer {
  return frame(
    'APIC',
    Buffer.from([utf8]),
    Buffer.from(`${mediaType}\0`),
    Buffer.from([frontCover, 0]),
    bytes,
  )
}

/** A table of contents of all marks; a table of tables if there are more than one can list. */
function contentsFrames(title: string, marks: readonly SectionMark[]): Buffer[] {
  const ids = marks.map((_, at) => markId(at))
  if (ids.length <= maxEntries) return ids.length > 0 ? [tableFrame('toc', topLevel, ids, title)] : []
  const tables: string[] = []
  const frames: Buffer[] = []
  for (let at = 0; at < ids.length; at += maxEntries) {
    const id = `toc${tables.length}`
    tables.push(id)
    frames.push(tableFrame(id, 0, ids.slice(at, at + maxEntries), marks[at]?.title))
  }
  return [tableFrame('toc', topLevel, tables, title), ...frames]
}

/** Throws a `RangeError` for more entries than a table can list. */
function tableFrame(
  id: string,
  level: number,
  entries: readonly string[],
  title: string | undefined,
): Buffer {
  if (entries.length > maxEntries) throw new RangeError(`a table cannot list ${entries.length} marks`)
  const head = Uint8Array.of(level | ordered, entries.length)
  return frame('CTOC', named(id), head, ...entries.map(named), textFrame('TIT2', title))
}

/** Byte offsets are left unset (0xff): the player uses the times. */
function markFrame({ title, from, to }: SectionMark, at: number): Buffer {
  const times = Buffer.alloc(16, 0xff)
  times.writeUInt32BE(Math.round(from * 1000), 0)
  times.writeUInt32BE(Math.round(to * 1000), 4)
  const name = frame('TIT2', Buffer.from([utf8]), truncateUtf8(title, maxMarkBytes))
  return frame('CHAP', named(markId(at)), times, name)
}

function markId(at: number): string {
  return `mark${at}`
}

/** An element's id, by which tables reference it. */
function named(id: string): Buffer {
  return Buffer.from(`${id}\0`, 'latin1')
}

function frame(id: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from(id, 'latin1'), syncSafe(body.length), Buffer.alloc(2), body])
}

/**
 * A 28-bit size, seven bits per byte, so that no byte looks like an MP3 sync word. Throws a `RangeError` beyond 256 MB.
 */
function syncSafe(size: number): Buffer {
  if (size >= 2 ** 28) throw new RangeError(`an ID3 tag cannot hold ${size} bytes`)
  return Buffer.from([size >> 21, (size >> 14) & 127, (size >> 7) & 127, size & 127])
}
