import { Failure } from '../novel/failure.ts'
import { decodeXml } from './encodings/text-decoding.ts'
import { type LinkTarget, resolveHref } from './link-target.ts'
import { childElements, descendants, parseXml, type XmlElement } from './xhtml/xml-tree.ts'
import type { ZipArchive } from './zip-archive.ts'

export interface ManifestItem {
  readonly id: string
  /** Path in the archive. */
  readonly file: string
  readonly mediaType: string
  readonly properties: readonly string[]
  /** Id of the item to use if this one's type is not supported. */
  readonly fallback: string | undefined
}

/** A document in the reading order; a non-linear one is outside of the main text. */
export interface SpineItem extends ManifestItem {
  readonly linear: boolean
}

/** The documents of a book and their order. */
export type ReadingOrder = Pick<EpubPackage, 'manifest' | 'spine'>

/** An EPUB's package document (OPF). */
export interface EpubPackage {
  /** Path in the archive. */
  readonly file: string
  readonly metadata: XmlElement
  readonly manifest: ReadonlyMap<string, ManifestItem>
  /** Documents in reading order. */
  readonly spine: readonly SpineItem[]
  readonly ncx: ManifestItem | undefined
  readonly nav: ManifestItem | undefined
  /** EPUB 2: the purpose of some documents. */
  readonly guide: readonly { readonly type: string; readonly target: LinkTarget }[]
  readonly remarks: readonly string[]
}

/**
 * Finds and reads the package document. Throws `novel.unreadable` for other zips, `novel.damaged` if an EPUB has none.
 */
export async function readPackage(archive: ZipArchive): Promise<EpubPackage> {
  const remarks: string[] = []
  const file = await findPackage(archive, remarks)
  const bytes = (await archive.read(file)) as Uint8Array
  const root = descendants(parseXml(decodeXml(bytes).text), 'package')[0]
  if (root === undefined) throw new Failure('novel.damaged', { detail: 'its package file is broken' })
  const section = (name: string): XmlElement =>
    childElements(root, name)[0] ?? { name, attributes: {}, children: [] }

  const manifest = new Map<string, ManifestItem>()
  for (const item of childElements(section('manifest'), 'item')) {
    const { id, href } = item.attributes
    const target = href === undefined ? undefined : resolveHref(file, href)
    if (id === undefined || target === undefined) continue
    const properties = item.attributes['properties']?.split(/\s+/) ?? []
    const mediaType = (item.attributes['media-type'] ?? '').trim().toLowerCase()
    manifest.set(id, { id, file: target.file, mediaType, properties, fallback: item.attributes['fallback'] })
  }
  const items = [...manifest.values()]
  const spineElement = section('spine')
  // Keyed by file: a document listed twice would be spoken twice.
  const spine = new Map<string, SpineItem>()
  const twice: string[] = []
  const unknown: string[] = []
  for (const reference of childElements(spineElement, 'itemref')) {
    const id = reference.attributes['idref'] ?? ''
    const item = manifest.get(id)
    if (item === undefined) unknown.push(id)
    else if (spine.has(item.file)) twice.push(item.file)
    else spine.set(item.file, { ...item, linear: reference.attributes['linear']?.toLowerCase() !== 'no' })
  }
  if (twice.length > 0)
    remarks.push(`The reading order names a file twice, which is read once: ${twice.slice(0, 5).join(', ')}.`)
  if (unknown.length > 0)
    remarks.push(`The reading order names what the book does not list: ${unknown.slice(0, 5).join(', ')}.`)
  if (spine.size === 0) {
    for (const item of items)
      if (/xhtml|text\/html/.test(item.mediaType)) spine.set(item.file, { ...item, linear: true })
    if (spine.size > 0)
      remarks.push('The book gives no reading order; its files are taken in the order they are listed.')
  }
  return {
    file,
    metadata: section('metadata'),
    manifest,
    spine: [...spine.values()],
    ncx:
      manifest.get(spineElement.attributes['toc'] ?? '') ??
      items.find(({ mediaType }) => mediaType === 'application/x-dtbncx+xml'),
    nav: items.find(({ properties }) => properties.includes('nav')),
    guide: childElements(section('guide'), 'reference').flatMap(({ attributes }) => {
      const target = resolveHref(file, attributes['href'] ?? '')
      return target === undefined ? [] : [{ type: (attributes['type'] ?? '').toLowerCase(), target }]
    }),
    remarks,
  }
}

/** Media types of documents, including those of early EPUBs; a missing type is guessed from the file name. */
const documentType = /xhtml|html|oeb1-document|dtbook|^(?:application|text)\/xml$|^image\/svg\+xml$/
const documentName = /\.(?:x?html?|xht|xml|svg)$/i

const longestChain = 20

/**
 * The item itself if it is a document, else the first document in its fallback chain; `undefined` if there is none
 * (data, an image). A fallback chain may be circular.
 */
export function readableItem({ manifest }: ReadingOrder, item: ManifestItem): ManifestItem | undefined {
  const seen = new Set<ManifestItem>()
  let at: ManifestItem | undefined = item
  while (at !== undefined && !seen.has(at) && seen.size < longestChain) {
    if (documentType.test(at.mediaType) || (!at.mediaType.includes('/') && documentName.test(at.file)))
      return at
    seen.add(at)
    at = manifest.get(at.fallback ?? '')
  }
  return documentName.test(item.file) && !/^(?:image|video|audio)\//.test(item.mediaType) ? item : undefined
}

async function findPackage(archive: ZipArchive, remarks: string[]): Promise<string> {
  const container = await archive.read('META-INF/container.xml')
  const named =
    container === undefined
      ? []
      : descendants(parseXml(decodeXml(container).text), 'rootfile')
          .map(({ attributes }) => resolveHref('', attributes['full-path'] ?? '')?.file ?? '')
          .filter((file) => file !== '')
  const present = named.find((file) => archive.has(file))
  if (present !== undefined) return present
  const lost = archive.names.find((name) => name.toLowerCase().endsWith('.opf'))
  if (lost !== undefined) {
    remarks.push('The book does not say where its package file is; the one that was found is used.')
    return lost
  }
  if (container !== undefined || archive.has('mimetype'))
    throw new Failure('novel.damaged', { detail: 'its package file is missing' })
  throw new Failure('novel.unreadable', { detail: await describeForeignZip(archive) })
}

async function describeForeignZip(archive: ZipArchive): Promise<string> {
  if (archive.has('xl/workbook.xml')) return 'it is a spreadsheet'
  if (archive.has('ppt/presentation.xml')) return 'it is a presentation'
  if (
    archive.names.length > 0 &&
    archive.names.every((name) => /\/$|\.(?:jpe?g|png|gif|webp|xml)$/i.test(name))
  )
    return 'it is a comic: its pages are images'
  return 'it is a zip file without a book in it'
}

/** Obfuscated fonts are no copy protection, and fonts are not needed to listen. */
const fontObfuscations = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC'])

/**
 * Throws `novel.encrypted` for a book under DRM: any encryption except the two font obfuscations, or a licence file.
 */
export async function rejectEncrypted(archive: ZipArchive): Promise<void> {
  if (archive.has('META-INF/license.lcpl') || archive.has('META-INF/sinf.xml'))
    throw new Failure('novel.encrypted')
  const bytes = await archive.read('META-INF/encryption.xml')
  if (bytes === undefined) return
  for (const data of descendants(parseXml(decodeXml(bytes).text), 'encrypteddata')) {
    const method = descendants(data, 'encryptionmethod')[0]
    if (!fontObfuscations.has(method?.attributes['algorithm'] ?? '')) throw new Failure('novel.encrypted')
  }
}
