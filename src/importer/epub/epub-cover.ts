import { Failure } from '../../novel/failure.ts'
import { imageTypes } from '../../novel/book-layout.ts'
import type { Cover } from '../../novel/novel.ts'
import { resolveHref } from '../link-target.ts'
import { decodeXml } from '../encodings/text-decoding.ts'
import { descendants, parseXml } from '../xhtml/xml-tree.ts'
import type { EpubPackage, ManifestItem } from '../epub-package.ts'
import type { BookFiles } from '../book-files.ts'
import type { FoundCover } from '../publication/publication.ts'
import { imageTypeOfBytes } from '../publication/image-type.ts'

const maxCoverBytes = 20 * 1024 * 1024

/**
 * Reads the cover: the item with the property `cover-image`, else the one named by `<meta name="cover">`, else the
 * image on the page that the guide calls the cover, else an image whose id or name contains "cover". Items that are not
 * images are ignored; an image that is too large or damaged is dropped with a remark, the import goes on.
 */
export async function readCover(archive: BookFiles, epub: EpubPackage): Promise<FoundCover> {
  const remarks: string[] = []
  const read = async (file: string, most?: number): Promise<Uint8Array | undefined> => {
    try {
      return await archive.read(file, most)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      remarks.push(
        `A cover was left out, because ${String(error.details?.['detail'] ?? 'it cannot be read')}.`,
      )
      return undefined
    }
  }
  for (const file of await candidates(read, epub)) {
    const bytes = await read(file, maxCoverBytes)
    const mediaType = bytes === undefined ? undefined : coverType(bytes)
    if (bytes !== undefined && mediaType !== undefined) return { cover: { mediaType, bytes }, file, remarks }
  }
  return { remarks: [...new Set(remarks)] }
}

type Read = (file: string) => Promise<Uint8Array | undefined>

async function candidates(read: Read, epub: EpubPackage): Promise<string[]> {
  const items = [...epub.manifest.values()]
  const named = descendants(epub.metadata, 'meta').find(({ attributes }) => attributes['name'] === 'cover')
    ?.attributes['content']
  const pointed =
    named === undefined
      ? undefined
      : (epub.manifest.get(named) ?? items.find(({ file }) => file.endsWith(named)))
  const page = epub.guide.find(({ type }) => type === 'cover')?.target.file
  return [
    ...items.filter(({ properties }) => properties.includes('cover-image')),
    ...(pointed === undefined || !isImage(pointed) ? [] : [pointed]),
  ]
    .map(({ file }) => file)
    .concat(
      pointed !== undefined && !isImage(pointed) ? await firstImage(read, pointed.file) : [],
      page === undefined ? [] : await firstImage(read, page),
      items
        .filter((item) => isImage(item) && /(?:^|[/_-])cover\b/i.test(`${item.id}/${item.file}`))
        .map(({ file }) => file),
    )
}

function isImage({ mediaType }: ManifestItem): boolean {
  return mediaType.startsWith('image/')
}

/** The first image on a page; a guide may also point directly at an image. */
async function firstImage(read: Read, page: string): Promise<string[]> {
  const bytes = await read(page)
  if (bytes === undefined) return []
  if (coverType(bytes) !== undefined) return [page]
  const root = parseXml(decodeXml(bytes).text)
  const links = [
    ...descendants(root, 'img').map(({ attributes }) => attributes['src']),
    ...descendants(root, 'image').map(({ attributes }) => attributes['href']),
  ]
  return links
    .flatMap((href) => (href === undefined ? [] : (resolveHref(page, href)?.file ?? [])))
    .slice(0, 1)
}

function coverType(bytes: Uint8Array): Cover['mediaType'] | undefined {
  const type = imageTypeOfBytes(bytes)
  return type && imageTypes[type]
}
