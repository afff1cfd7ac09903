import { imageSize } from 'image-size'
import { Failure } from '../../novel/failure.ts'
import type { BookImage, ImageType } from '../../novel/book-layout.ts'
import type { BlockDraft, RemovedText } from '../block-draft.ts'
import type { BookFiles } from '../book-files.ts'
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
 * taken from them, whatever names and manifest say. What is missing, damaged, no image or too large is not shown, which
 * the remarks tell that are returned; nor is the cover, which the novel has already.
 */
export async function findImages(
  archive: BookFiles,
  drafts: readonly BlockDraft[],
  cover: string | undefined,
): Promise<string[]> {
  const known = new Map<string, BookImage | undefined>()
  const leftOut: Record<Refusal, string[]> = { missing: [], large: [], unknown: [], beyond: [] }
  if (cover !== undefined) known.set(cover, undefined)
  const find = async (path: string): Promise<BookImage | undefined> => {
    if (known.has(path)) return known.get(path)
    const found = known.size < mostImages ? await readImage(archive, path) : 'beyond'
    const image = typeof found === 'string' ? undefined : found
    if (typeof found === 'string') leftOut[found].push(path)
    known.set(path, image)
    return image
  }
  for (const draft of drafts) {
    const removed: RemovedText[] = []
    for (const { picture, ...one } of draft.removed) {
      const image = picture === undefined ? undefined : await find(picture)
      removed.push(image === undefined ? one : { ...one, image })
    }
    draft.removed = removed
  }
  return refusals
    .filter((refusal) => leftOut[refusal].length > 0)
    .map((refusal) => remarkOn(refusal, leftOut[refusal]))
}

/** Of a format whose images do not lie in the file as they are. */
export function imagesLeftOut(count: number): string[] {
  return count === 0
    ? []
    : [`Images of this kind of file are not shown beside its text; ${count} were left out.`]
}

/** Why an image is not shown. */
const refusals = ['missing', 'large', 'unknown', 'beyond'] as const
type Refusal = (typeof refusals)[number]

/** Names that a remark tells. */
const named = 3

function remarkOn(refusal: Refusal, paths: readonly string[]): string {
  const count = paths.length
  const names = paths.slice(0, named).map((path) => path.slice(path.lastIndexOf('/') + 1))
  const such = `${names.join(', ')}${count > named ? ' …' : ''}`
  switch (refusal) {
    case 'missing':
      return `Images that are not in the file were left out (${count}): ${such}`
    case 'large':
      return `Images that are too large were left out (${count}): ${such}`
    case 'unknown':
      return `Images that are damaged, or of a kind that browsers do not show, were left out (${count}): ${such}`
    default:
      return `Images beyond the first ${mostImages} were left out (${count}): ${such}`
  }
}

async function readImage(archive: BookFiles, path: string): Promise<BookImage | Refusal> {
  try {
    const packed = await archive.packed(path)
    if (packed === undefined) return 'missing'
    if (packed.size === 0) return 'unknown'
    if (packed.size > mostBytes) return 'large'
    const { start, packedSize, size: bytes, method, crc } = packed
    const head = await archive.head(path, headBytes)
    const type = imageTypeOfBytes(head)
    if (type === undefined) return 'unknown'
    if (type === 'svg' && bytes > mostVectorBytes) return 'large'
    if (type === 'svg' && declaresEntities(head)) return 'unknown'
    const { width, height } = sizeOf(head, type)
    if (width < 1 || height < 1) return 'unknown'
    if (!isShowable(width, height)) return 'large'
    const name = `${crc.toString(16).padStart(8, '0')}-${bytes}.${type}`
    return { name, width, height, start, packedBytes: packedSize, bytes, deflated: method === 8 }
  } catch (error) {
    if (error instanceof Failure) return 'unknown'
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
  return Math.max(width, height) <= longestSide && width * height <= mostPixels
}
