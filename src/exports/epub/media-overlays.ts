import { crc32, deflateRawSync } from 'node:zlib'
import { escapeXml } from '../../novel/xml-escape.ts'
import type { EpubEntry, EpubPlan } from './epub-plan.ts'
import { relativeHref } from './relative-href.ts'
import type { SentenceSpan } from './sentence-spans.ts'

/** What media overlays add to a book: files, manifest items, and metadata. */
export interface OverlayFiles {
  readonly files: readonly EpubEntry[]
  readonly items: readonly { readonly id: string; readonly href: string; readonly mediaType: string }[]
  /** By document path: the manifest id of its overlay. */
  readonly overlayIds: ReadonlyMap<string, string>
  /** `[property, refined item or '', value]`. */
  readonly metadata: readonly (readonly [property: string, refines: string, value: string])[]
}

/** Path of the stylesheet that highlights the active sentence; `packageFile` is the path of the package document. */
export function stylePath(packageFile: string): string {
  return `${folderOf(packageFile)}read-along.css`
}

/** The overlays of a book as entries in a folder beside its package document. */
export function buildOverlayFiles(
  plan: Pick<EpubPlan, 'narrator'>,
  packageFile: string,
  overlays: readonly MediaOverlay[],
): OverlayFiles {
  const folder = folderOf(packageFile)
  const audioPath = (chapterNumber: number): string => `${folder}chapter-${padded(chapterNumber)}.m4a`
  const spokenChapters = [
    ...new Set(overlays.flatMap(({ parts }) => parts.map((part) => part.chapterNumber))),
  ]
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
      ...named.map(({ overlay, path }) => deflatedEntry(path, smilDocument(overlay, path, audioPath))),
      ...spokenChapters.map((chapterNumber) => ({ name: audioPath(chapterNumber), chapterNumber })),
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
        href: relativeHref(packageFile, audioPath(chapterNumber)),
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

/** The items as manifest elements; `prefix`: XML namespace prefix with its colon. */
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

/** The class that a reading system gives to the active sentence. */
const activeClass = '-epub-media-overlay-active'

const readAlongStyle = `.${activeClass} { background-color: #ffe9a8; color: #1a1a1a; }\n`

/** A sentence, or a part of one, and its time. */
export interface OverlayPart {
  /** Element id in the document. */
  readonly id: string
  readonly chapterNumber: number
  /** Milliseconds into the chapter's audio. */
  readonly from: number
  readonly to: number
}

/** The media overlay of one document (EPUB 3.3, 9: a profile of SMIL 3.0). */
export interface MediaOverlay {
  /** Path of the document in the archive. */
  readonly document: string
  readonly parts: readonly OverlayPart[]
}

/** Divides a sentence's time among its parts by length. Parts shorter than a millisecond are left out. */
export function overlayParts(
  chapterNumber: number,
  parts: readonly SentenceSpan[],
  { from, to }: { readonly from: number; readonly to: number },
): OverlayPart[] {
  let share = 0
  return parts
    .map(({ id, share: own }) => {
      const begin = Math.round(from + (to - from) * share)
      share += own
      return { id, chapterNumber, from: begin, to: Math.min(to, Math.round(from + (to - from) * share)) }
    })
    .filter((part) => part.to > part.from)
}

/** In milliseconds. */
function durationOf({ parts }: MediaOverlay): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The overlay as a SMIL file at `path`; `audioPath`: path of a chapter's audio. */
function smilDocument(
  { document, parts }: MediaOverlay,
  path: string,
  audioPath: (chapterNumber: number) => string,
): string {
  const text = relativeHref(path, document)
  const pars = parts.map(
    ({ id, chapterNumber, from, to }) =>
      `<par><text src="${text}#${id}"/><audio src="${relativeHref(path, audioPath(chapterNumber))}" clipBegin="${clockValue(from)}" clipEnd="${clockValue(to)}"/></par>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>
${pars.join('\n')}
</body></smil>
`
}

/** A clock value in seconds, e.g. `12.345s`. */
function clockValue(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)}s`
}

/** A text as a deflated entry of the EPUB. */
export function deflatedEntry(name: string, text: string): EpubEntry {
  const bytes = Buffer.from(text)
  return { name, method: 8, crc: crc32(bytes), size: bytes.length, bytes: deflateRawSync(bytes) }
}

/** The first entry of every EPUB, stored uncompressed (OCF 3.3, 4.3). */
export const mimetypeEntry: EpubEntry = (() => {
  const bytes = Buffer.from('application/epub+zip')
  return { name: 'mimetype', method: 0, crc: crc32(bytes), size: bytes.length, bytes }
})()
