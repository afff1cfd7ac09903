import { crc32 } from 'node:zlib'
import { Failure } from '../../novel/failure.ts'
import { type BookFiles, composedFiles } from '../book-files.ts'
import type { FormatResult } from '../book-format.ts'
import { orderOf } from '../publication/publication-order.ts'
import { readPublication } from '../publication/publication.ts'
import { readWhole } from '../whole-file.ts'
import { kf8Documents } from './kf8-documents.ts'
import { contentsTree } from './mobi-contents.ts'
import { mobi6Documents } from './mobi6-documents.ts'
import { type MobiHeaders, readMobiHeaders } from './mobi-headers.ts'
import { mobiCover, readMobiMetadata } from './mobi-metadata.ts'
import { readMobiText } from './mobi-text.ts'
import { PalmDatabase } from './palm-database.ts'

/** Picture books have some 100 MB. */
const maxBytes = 512 * 1024 * 1024

/**
 * Reads a MOBI or AZW3 book. Throws `novel.encrypted` for a book under DRM, `novel.damaged`, `novel.hostile` and
 * `novel.no-text`.
 */
export async function readMobi(path: string, fileName: string): Promise<FormatResult> {
  const database = new PalmDatabase(await readWhole(path, maxBytes))
  const headers = readMobiHeaders(database)
  if (headers.encrypted) throw new Failure('novel.encrypted')
  const text = readMobiText(database, headers)
  const { documents, styles, contents, mediaType } =
    headers.kf8 === undefined
      ? mobi6Documents(database, headers, text)
      : kf8Documents(database, headers, text)
  const made = new Map([
    ...documents.map(({ file, markup }) => [file, markup] as const),
    ...styles.map(({ file, css }) => [file, css] as const),
  ])
  const entries = contentsTree(contents)
  return readPublication(
    {
      archive: composedFiles(made, imagesOf(database, headers)),
      order: orderOf(documents, mediaType),
      metadata: readMobiMetadata(headers),
      contents: { evidence: entries.length > 0 ? 'ncx' : undefined, entries, landmarks: [] },
      cover: mobiCover(database, headers),
      remarks: [],
    },
    fileName,
  )
}

/** Images by number, from 1: `image-1`. They lie in the file as they are. */
function imagesOf(database: PalmDatabase, { resources }: MobiHeaders): BookFiles {
  const indexOf = (name: string): number | undefined => {
    const number = Number(/^image-(\d{1,6})$/.exec(name)?.[1] ?? 0)
    const index = resources + number - 1
    return number > 0 && index < database.count ? index : undefined
  }
  const bytesOf = (name: string): Buffer | undefined => {
    const index = indexOf(name)
    return index === undefined ? undefined : database.record(index)
  }
  return {
    names: [],
    has: (name) => indexOf(name) !== undefined,
    read: async (name) => bytesOf(name),
    head: async (name, most) => bytesOf(name)?.subarray(0, most) ?? new Uint8Array(),
    packed: async (name) => {
      const bytes = bytesOf(name)
      if (bytes === undefined) return undefined
      const start = database.startOf(indexOf(name)!)
      return { start, packedSize: bytes.length, size: bytes.length, method: 0, crc: crc32(bytes) }
    },
  }
}
