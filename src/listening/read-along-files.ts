import type { EpubEntry, EpubPlan } from './epub-plan.ts'
import {
  activeClass,
  clockValue,
  durationOf,
  readAlongStyle,
  smilDocument,
  deflatedEntry,
  type MediaOverlay,
} from './media-overlay.ts'
import { relativeHref, escapeXml } from './xml-text.ts'

/** What is added to a book so that it can be read along: files, items of the manifest, and metadata. */
export interface OverlayFiles {
  readonly files: readonly EpubEntry[]
  readonly items: readonly { readonly id: string; readonly href: string; readonly mediaType: string }[]
  /** By document: the id of the item of its overlay. */
  readonly overlayIds: ReadonlyMap<string, string>
  /** `[property, refined item or '', value]`. */
  readonly metadata: readonly (readonly [property: string, refines: string, value: string])[]
}

/** Where the stylesheet of the sentence that is heard lies in a book whose package document is `packageFile`. */
export function stylePath(packageFile: string): string {
  return `${folderOf(packageFile)}read-along.css`
}

/** The overlays of a book as files beside its package document. */
export function buildOverlayFiles(
  plan: Pick<EpubPlan, 'narrator'>,
  packageFile: string,
  overlays: readonly MediaOverlay[],
): OverlayFiles {
  const folder = folderOf(packageFile)
  const soundPath = (chapterNumber: number): string => `${folder}chapter-${padded(chapterNumber)}.m4a`
  const spokenChapters = [...new Set(overlays.flatMap(({ parts }) => parts.map((part) => part.chapterNumber)))]
  const named = overlays.map((overlay, index) => ({
    overlay,
    id: `nightjar-overlay-${index + 1}`,
    path: `${folder}overlay-${padded(index + 1)}.smil`,
  }))
  const total = overlays.reduce((sum, overlay) => sum + durationOf(overlay), 0)
  const style = stylePath(packageFile)
  return {
    files: [
      deflatedEntry(style, readAlongStyle),
      ...named.map(({ overlay, path }) => deflatedEntry(path, smilDocument(overlay, path, soundPath))),
      ...spokenChapters.map((chapterNumber) => ({ name: soundPath(chapterNumber), chapterNumber })),
    ],
    items: [
      { id: 'nightjar-style', href: relativeHref(packageFile, style), mediaType: 'text/css' },
      ...named.map(({ id, path }) => ({
        id,
        href: relativeHref(packageFile, path),
        mediaType: 'application/smil+xml',
      })),
      ...spokenChapters.map((chapterNumber) => ({
        id: `nightjar-sound-${chapterNumber}`,
        href: relativeHref(packageFile, soundPath(chapterNumber)),
        mediaType: 'audio/mp4',
      })),
    ],
    overlayIds: new Map(named.map(({ overlay, id }) => [overlay.document, id])),
    metadata: [
      ...named.map(({ overlay, id }) => ['media:duration', id, clockValue(durationOf(overlay))] as const),
      ['media:duration', '', clockValue(total)],
      ['media:narrator', '', plan.narrator],
      ['media:active-class', '', activeClass],
    ],
  }
}

/** The items as elements of a manifest, `prefix` before their name. */
export function manifestItems({ items }: OverlayFiles, prefix = ''): string {
  return items
    .map(
      ({ id, href, mediaType }) => `<${prefix}item id="${id}" href="${href}" media-type="${mediaType}"/>\n`,
    )
    .join('')
}

export function metadataElements(metadata: OverlayFiles['metadata'], prefix = ''): string {
  return metadata
    .map(([property, refines, value]) => {
      const refined = refines === '' ? '' : ` refines="#${refines}"`
      return `<${prefix}meta property="${property}"${refined}>${escapeXml(value)}</${prefix}meta>\n`
    })
    .join('')
}

function folderOf(packageFile: string): string {
  return `${packageFile.split('/').slice(0, -1).concat('nightjar').join('/')}/`
}

function padded(number: number): string {
  return String(number).padStart(3, '0')
}
