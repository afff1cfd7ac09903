import { imageSize } from 'image-size'
import { Failure } from '../../novel/failure.ts'
import type { BookImage, ImageType } from '../../novel/book-layout.ts'
import type { BlockDraft, RemovedText } from '../block-draft.ts'
import type { ZipArchive } from '../zip-archive.ts'
import { imageTypeOfBytes } from './image-type.ts'

const mebibyte = 1024 * 1024
/** Images of a novel that are shown; picture books have some hundreds. */
const mostImages = 3_000
const mostBytes = 20 * mebibyte
/** A drawing is unpacked by the browser into elements, which cost far more than pixels. */
const mostVectorBytes = 2 * mebibyte
/** Beyond it a browser runs out of memory, whatever the file's size. */
const mostPixels = 50_000_000
const longestSide = 16_000
/** Bytes in which an image tells its size; behind colour profiles and previews it may stand late. */
const headBytes = 256 * 1024

/**
 * Finds the images that removed pictures stand for in the archive. Only their first bytes are read: type and size are
 * taken from them, whatever names and manifest say. What is missing, damaged, no image or too large is not shown, nor
 * is the cover, which the novel has already.
 */
export async function findImages(
  archive: ZipArchive,
  drafts: readonly BlockDraft[],
  cover: string | undefined,
): Promise<void> {
  const known = new Map<string, BookImage | undefined>()
  if (cover !== undefined) known.set(cover, undefined)
  const find = async (path: string): Promise<BookImage | undefined> => {
    if (!known.has(path))
      known.set(path, known.size < mostImages ? await readImage(archive, path) : undefined)
    return known.get(path)
  }
  for (const draft of drafts) {
    const removed: RemovedText[] = []
    for (const { picture, ...one } of draft.removed) {
      const image = picture === undefined ? undefined : await find(picture)
      removed.push(image === undefined ? one : { ...one, image })
    }
    draft.removed = removed
  }
}

async function readImage(archive: ZipArchive, path: string): Promise<BookImage | undefined> {
  try {
    const packed = await archive.packed(path)
    if (packed === undefined || packed.size === 0 || packed.size > mostBytes) return undefined
    const { start, packedSize, size: bytes, method, crc } = packed
    const head = await archive.head(path, headBytes)
    const type = imageTypeOfBytes(head)
    if (type === undefined) return undefined
    if (type === 'svg' && (bytes > mostVectorBytes || declaresEntities(head))) return undefined
    const { width, height } = sizeOf(head, type)
    if (!isShowable(width, height)) return undefined
    const name = `${crc.toString(16).padStart(8, '0')}-${bytes}.${type}`
    return { name, width, height, start, packedBytes: packedSize, bytes, deflated: method === 8 }
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** Entities of entities unpack to gigabytes. They stand before the first element, by which an SVG is known. */
function declaresEntities(head: Uint8Array): boolean {
  return /<!ENTITY/i.test(new TextDecoder('latin1').decode(head.subarray(0, 1024)))
}

function sizeOf(head: Uint8Array, type: ImageType): { readonly width: number; readonly height: number } {
  try {
    // An SVG tells its size in its first element.
    const { width, height, orientation = 1 } = imageSize(type === 'svg' ? head.subarray(0, 4096) : head)
    // Turned by a quarter, as browsers show it.
    return orientation > 4 ? { width: height, height: width } : { width, height }
  } catch {
    // A drawing without a size fills the line.
    return type === 'svg' ? { width: 300, height: 150 } : { width: 0, height: 0 }
  }
}

function isShowable(width: number, height: number): boolean {
  const sides = [width, height]
  return sides.every((side) => side >= 1 && side <= longestSide) && width * height <= mostPixels
}
