import { deflateRawSync, crc32 } from 'node:zlib'
import type { EpubEntry } from './epub-plan.ts'
import type { SentenceSpan } from './marked-document.ts'
import { relativeHref } from './xml-text.ts'

/** The class that a reader gives to the sentence that is heard. */
export const activeClass = '-epub-media-overlay-active'

export const readAlongStyle = `.${activeClass} { background-color: #ffe9a8; color: #1a1a1a; }\n`

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
export function durationOf({ parts }: MediaOverlay): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The overlay as a file at `path`; `soundPath` tells where a chapter's sound is. */
export function smilDocument(
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
export function clockValue(milliseconds: number): string {
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
