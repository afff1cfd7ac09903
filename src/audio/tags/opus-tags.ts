import type { TranscodeCover, TranscodeTags } from '../../novel/chapter-transcode.ts'
import type { SectionMark } from '../../novel/section-marks.ts'
import type { MetadataTags } from '../codec/audio-writer.ts'

/** Picture type: front cover. */
const frontCover = 3
/** Mark numbers have three digits. */
const maxMarks = 1000

/** The data of `id3Tag` with the names that FFmpeg writes into a stream's OpusTags (RFC 7845, 5.2). */
export function opusTags(
  tags: TranscodeTags,
  marks: readonly SectionMark[],
  cover?: TranscodeCover,
): MetadataTags {
  const { published, series } = tags
  return {
    title: tags.title,
    album: tags.novelTitle,
    artist: tags.author,
    album_artist: tags.author,
    composer: tags.narrator,
    performer: tags.narrator,
    track: String(tags.number),
    tracktotal: String(tags.of),
    language: tags.language,
    genre: 'Audiobook',
    ...(published !== undefined && { date: published }),
    ...(series && { series: series.name }),
    ...(series?.position !== undefined && { 'series-part': series.position }),
    ...markComments(marks),
    ...(cover && { METADATA_BLOCK_PICTURE: pictureBlock(cover).toString('base64') }),
  }
}

/** Xiph's "Chapter Extension" of Vorbis comments: each mark's start and title. */
function markComments(marks: readonly SectionMark[]): MetadataTags {
  return Object.fromEntries(
    marks.slice(0, maxMarks).flatMap(({ title, from }, at) => {
      const key = `CHAPTER${String(at).padStart(3, '0')}`
      return [
        [key, timestamp(from)],
        [`${key}NAME`, title],
      ]
    }),
  )
}

/** `HH:MM:SS.mmm` */
function timestamp(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const hours = String(Math.floor(ms / 3_600_000)).padStart(2, '0')
  return `${hours}${new Date(ms).toISOString().slice(13, 23)}`
}

/** FLAC's picture block (RFC 9639, 8.8), which Ogg carries as a comment; its dimensions are left unknown. */
function pictureBlock({ mediaType, bytes }: TranscodeCover): Buffer {
  const unknown = u32(0)
  return Buffer.concat([
    u32(frontCover),
    u32(mediaType.length),
    Buffer.from(mediaType),
    u32(0),
    unknown,
    unknown,
    unknown,
    unknown,
    u32(bytes.length),
    bytes,
  ])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
