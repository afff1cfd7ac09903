import { resolveHref } from '../importer/archive-path.ts'
import { writeOutEntities } from '../importer/xml-entities.ts'
import { manifestItems, metadataElements, type OverlayFiles } from './read-along-files.ts'
import { elementsOf, parseXhtml, type SourceElement } from './xhtml-tree.ts'

/**
 * An EPUB 3's package document with what makes it a read-along book, and its date; all else stays as it is written.
 * `undefined` for an EPUB 2, for a book that has overlays already, and for what is not well-formed.
 */
export function editPackage(
  opf: string,
  path: string,
  modified: string,
  overlayFiles: OverlayFiles,
): string | undefined {
  const text = writeOutEntities(opf)
  const root = parseXhtml(text)
  const first = (parent: SourceElement | undefined, name: string): SourceElement | undefined =>
    parent === undefined ? undefined : elementsOf(parent, name).next().value || undefined
  const book = first(root, 'package')
  const [metadata, manifest] = [first(book, 'metadata'), first(book, 'manifest')]
  if (!book?.attributes['version']?.startsWith('3') || !metadata || !manifest) return undefined
  const items = [...elementsOf(manifest, 'item')]
  const metas = [...elementsOf(metadata, 'meta')]
  if (
    items.some(({ attributes }) => attributes['media-overlay'] !== undefined) ||
    metas.some(({ attributes }) => attributes['property']?.startsWith('media:'))
  )
    return undefined
  const prefix = book.name.replace(/[^:]*$/, '')
  const dated = metas.find(
    ({ attributes }) => attributes['property'] === 'dcterms:modified' && attributes['refines'] === undefined,
  )
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = items.flatMap(
    ({ attributes, start, name }) => {
      const overlay = overlayFiles.overlayIds.get(resolveHref(path, attributes['href'] ?? '')?.file ?? '')
      const at = start + 1 + name.length
      return overlay === undefined ? [] : [{ start: at, end: at, text: ` media-overlay="${overlay}"` }]
    },
  )
  const added = [...overlayFiles.metadata, ...(dated ? [] : [['dcterms:modified', '', modified] as const])]
  if (dated) edits.push({ start: dated.innerStart, end: dated.innerEnd, text: modified })
  edits.push(
    { start: metadata.innerEnd, end: metadata.innerEnd, text: metadataElements(added, prefix) },
    { start: manifest.innerEnd, end: manifest.innerEnd, text: manifestItems(overlayFiles, prefix) },
  )
  let edited = ''
  let upTo = 0
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start)) {
    edited += text.slice(upTo, start) + put
    upTo = end
  }
  return (edited + text.slice(upTo)).replace(/^(<\?xml[^>]*\bencoding\s*=\s*["'])[^"']*/, '$1utf-8')
}
