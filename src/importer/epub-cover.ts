import type { Cover } from '../novel/novel.ts'
import { resolveHref } from './archive-path.ts'
import { decodeXml } from './decode.ts'
import type { EpubPackage, ManifestItem } from './epub-package.ts'
import { descendants, parseXml } from './xml-tree.ts'
import type { ZipArchive } from './zip-archive.ts'

const maxCoverBytes = 20 * 1024 * 1024

/**
 * The cover: the item with the property `cover-image`, the one that `<meta name="cover">` names, the image on the page that
 * the guide calls the cover, an image whose id or name says so. What is not really an image is no cover.
 */
export async function readCover(archive: ZipArchive, epub: EpubPackage): Promise<Cover | undefined> {
  for (const file of await candidates(archive, epub)) {
    const bytes = await archive.read(file)
    const mediaType = bytes === undefined || bytes.length > maxCoverBytes ? undefined : imageType(bytes)
    if (bytes !== undefined && mediaType !== undefined) return { mediaType, bytes }
  }
  return undefined
}

async function candidates(archive: ZipArchive, epub: EpubPackage): Promise<string[]> {
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
      pointed !== undefined && !isImage(pointed) ? await firstImage(archive, pointed.file) : [],
      page === undefined ? [] : await firstImage(archive, page),
      items
        .filter((item) => isImage(item) && /(?:^|[/_-])cover\b/i.test(`${item.id}/${item.file}`))
        .map(({ file }) => file),
    )
}

function isImage({ mediaType }: ManifestItem): boolean {
  return mediaType.startsWith('image/')
}

/** The first image that a page shows; a guide may also point straight at an image. */
async function firstImage(archive: ZipArchive, page: string): Promise<string[]> {
  const bytes = await archive.read(page)
  if (bytes === undefined) return []
  if (imageType(bytes) !== undefined) return [page]
  const root = parseXml(decodeXml(bytes).text)
  const links = [
    ...descendants(root, 'img').map(({ attributes }) => attributes['src']),
    ...descendants(root, 'image').map(({ attributes }) => attributes['href']),
  ]
  return links
    .flatMap((href) => (href === undefined ? [] : (resolveHref(page, href)?.file ?? [])))
    .slice(0, 1)
}

/** What an image is by its first bytes, whatever the manifest says. */
function imageType(bytes: Uint8Array): Cover['mediaType'] | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  if (head.startsWith('ÿØÿ')) return 'image/jpeg'
  if (head.startsWith('‰PNG')) return 'image/png'
  if (head.startsWith('GIF8')) return 'image/gif'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'image/webp'
  return /<svg[\s>]/.test(head) && !/<html[\s>]/i.test(head) ? 'image/svg+xml' : undefined
}
