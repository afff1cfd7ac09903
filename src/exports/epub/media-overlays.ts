import { crc32, deflateRawSync } from 'node:zlib'
import { escapeXml, relativeHref } from '../xml-document.ts'
import type { EpubEntry, EpubPlan } from './epub-plan.ts'
import type { SentenceSpan } from './sentence-spans.ts'

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

/** The class that a reader gives to the sentence that is heard. */
const activeClass = '-epub-media-overlay-active'

const readAlongStyle = `.${activeClass} { background-color: #ffe9a8; color: #1a1a1a; }\n`

/** A sentence, or a part of one, and when it is heard. */
export interface OverlayPart {
  /** Of the element in the document. */
  readonly id: string
  readonly chapterNumber: number
  /** Milliseconds into the chapter's sound. */
  readonly from: number
  readonly to: number
}

/** The sound that goes with one document: SMIL 3.0 as EPUB 3.3, 9 has it. */
export interface MediaOverlay {
  /** Path of the document in the archive. */
  readonly document: string
  readonly parts: readonly OverlayPart[]
}

/** The parts of a sentence share its time by their length. What is left no millisecond of is not told. */
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

/** Milliseconds of sound. */
function durationOf({ parts }: MediaOverlay): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The overlay as a file at `path`; `soundPath` tells where a chapter's sound is. */
function smilDocument(
  { document, parts }: MediaOverlay,
  path: string,
  soundPath: (chapterNumber: number) => string,
): string {
  const text = relativeHref(path, document)
  const pars = parts.map(
    ({ id, chapterNumber, from, to }) =>
      `<par><text src="${text}#${id}"/><audio src="${relativeHref(path, soundPath(chapterNumber))}" clipBegin="${clockValue(from)}" clipEnd="${clockValue(to)}"/></par>`,
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

/** A text as a file of the EPUB, deflated. */
export function deflatedEntry(name: string, text: string): EpubEntry {
  const bytes = Buffer.from(text)
  return { name, method: 8, crc: crc32(bytes), size: bytes.length, bytes: deflateRawSync(bytes) }
}

/** What every EPUB begins with (OCF 3.3, 4.3). */
export const mimetypeEntry: EpubEntry = (() => {
  const bytes = Buffer.from('application/epub+zip')
  return { name: 'mimetype', method: 0, crc: crc32(bytes), size: bytes.length, bytes }
})()
