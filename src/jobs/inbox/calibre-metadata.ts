import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { imageTypeOfBytes } from '../../importer/publication/image-type.ts'
import { childElements, descendants, parseXml, textOf } from '../../importer/xhtml/xml-tree.ts'
import { imageTypes } from '../../novel/book-layout.ts'
import type { NovelHead } from '../import/book-reader.ts'

/** Bytes: Calibre writes some kilobytes, and covers of some hundred. */
const most = { opf: 256 * 1024, cover: 20 * 1024 * 1024 }

type KnownOfBook = Partial<Pick<NovelHead, 'title' | 'author' | 'series' | 'cover'>>

/**
 * What Calibre keeps beside a book: title, authors and series of its `metadata.opf`, and `cover.jpg`, which somebody chose.
 * What cannot be read is left out.
 */
export async function readCalibreBook(folder: string): Promise<KnownOfBook> {
  return { ...(await readOpf(join(folder, 'metadata.opf'))), ...(await readCover(join(folder, 'cover.jpg'))) }
}

async function readOpf(path: string): Promise<KnownOfBook> {
  const bytes = await readPlainFile(path, most.opf)
  if (!bytes) return {}
  try {
    const [metadata] = descendants(parseXml(bytes.toString('utf8')), 'metadata')
    if (!metadata) return {}
    const texts = (name: string): string[] =>
      childElements(metadata, name)
        .map(textOf)
        .filter((text) => text !== '')
    const named = (name: string): string =>
      childElements(metadata, 'meta')
        .find(({ attributes }) => attributes['name'] === name)
        ?.attributes['content']?.trim() ?? ''
    const [title] = texts('title')
    const author = texts('creator').join(', ')
    const series = named('calibre:series').slice(0, 500)
    const position = named('calibre:series_index').replace(/\.0+$/, '').slice(0, 20)
    return {
      ...(title !== undefined && { title }),
      ...(author !== '' && { author }),
      ...(series !== '' && { series: { name: series, ...(position !== '' && { position }) } }),
    }
  } catch {
    return {}
  }
}

async function readCover(path: string): Promise<KnownOfBook> {
  const bytes = await readPlainFile(path, most.cover)
  const type = bytes && imageTypeOfBytes(bytes)
  return bytes && type ? { cover: { mediaType: imageTypes[type], bytes } } : {}
}

/** Neither follows a link out of the folder nor waits for a pipe. `undefined`: there is none, or it is too large. */
async function readPlainFile(path: string, mostBytes: number): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const { size } = await file.stat()
    if (!(await file.stat()).isFile() || size > mostBytes) return undefined
    const bytes = Buffer.alloc(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return bytes.subarray(0, bytesRead)
  } catch {
    return undefined
  }
}
