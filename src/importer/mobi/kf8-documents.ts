import { Failure } from '../../novel/failure.ts'
import type { MobiDocuments } from './mobi-documents.ts'
import type { MobiHeaders } from './mobi-headers.ts'
import { readMobiIndex } from './mobi-index.ts'
import { latin1, type PalmDatabase, uint32 } from './palm-database.ts'
import { readNcx } from './mobi-contents.ts'

/**
 * The documents of a KF8 book (AZW3): skeletons, into which fragments are inserted. Links by position lead to anchors
 * that are written where they point to. Throws `novel.damaged`.
 */
export function kf8Documents(database: PalmDatabase, headers: MobiHeaders, text: Buffer): MobiDocuments {
  const { kf8, base } = headers
  if (kf8 === undefined) throw new Failure('novel.damaged', { detail: 'its package file is broken' })
  const flows = flowsOf(database, headers, text)
  const main = flows[0] ?? text
  const skeletons = readMobiIndex(database, base + kf8.skeletons).entries
  const fragmentEntries = readMobiIndex(database, base + kf8.fragments).entries
  /** Of each fragment the document that it is inserted into. */
  const fragments: number[] = []
  const documents: Buffer[] = []
  const anchors = new Map<number, Set<number>>()
  const targets = positionsIn(main)
  const ncx = headers.ncx === undefined ? [] : readNcx(database, base + headers.ncx)
  for (const { position } of ncx) if (position !== undefined) targets.push(position)
  for (const [fragment, offset] of targets) {
    const offsets = anchors.get(fragment) ?? new Set()
    offsets.add(offset)
    anchors.set(fragment, offsets)
  }
  /** Bytes that all documents have. Each byte of the text is in one, so there are no more of them. */
  let bytesOfAll = 0
  for (const [document, { tags }] of skeletons.entries()) {
    const count = tags.get(1)?.[0] ?? 0
    const [start = 0, length = 0] = tags.get(6) ?? []
    bytesOfAll += Math.min(length, main.length)
    const parts: { at: number; bytes: Buffer }[] = []
    // Fragments follow their skeleton. The place where one is inserted counts those that were inserted before.
    let read = start + length
    for (const entry of fragmentEntries.slice(fragments.length, fragments.length + count)) {
      const size = entry.tags.get(6)?.[1] ?? 0
      const bytes = withAnchors(
        main.subarray(read, read + size),
        fragments.length,
        anchors.get(fragments.length),
      )
      parts.push({ at: Number.parseInt(entry.name, 10) - read + length, bytes })
      read += size
      fragments.push(document)
      bytesOfAll += Math.min(size, main.length)
    }
    rejectRepeated(bytesOfAll, main)
    documents.push(assemble(main.subarray(start, start + length), parts))
  }
  const fileOf = (fragment: number): string | undefined => {
    const document = fragments[fragment]
    return document === undefined ? undefined : documentName(document)
  }
  const decoder = new TextDecoder(headers.encoding)
  return {
    documents: documents.map((bytes, index) => ({
      file: documentName(index),
      markup: resolved(decoder.decode(bytes), fileOf),
    })),
    styles: flows.flatMap((bytes, index) =>
      index === 0 ? [] : [{ file: flowName(index), css: decoder.decode(bytes) }],
    ),
    contents: ncx.map(({ title, level, position }) => {
      const file = position && fileOf(position[0])
      return { title, level, ...(position && file ? { target: { file, id: anchorName(position) } } : {}) }
    }),
    mediaType: 'application/xhtml+xml',
  }
}

/** Well-made books have each byte once; damaged ones some of them twice. */
const mostRepeated = 10
const fewBytes = 1024 * 1024

const documentName = (index: number): string => `text-${index + 1}.xhtml`
const flowName = (index: number): string => `flow-${index}`
const anchorName = ([fragment, offset]: readonly [number, number]): string => `position-${fragment}-${offset}`

/** The text itself, then its stylesheets and drawings. */
function flowsOf(database: PalmDatabase, { base, kf8 }: MobiHeaders, text: Buffer): Buffer[] {
  if (kf8?.flows === undefined || base + kf8.flows >= database.count) return [text]
  const record = database.record(base + kf8.flows)
  if (latin1(record, 0, 4) !== 'FDST') return [text]
  const count = Math.min(uint32(record, 8), record.length >>> 3)
  const flows = Array.from({ length: count }, (_, index) =>
    text.subarray(uint32(record, 12 + index * 8), uint32(record, 16 + index * 8)),
  )
  rejectRepeated(
    flows.reduce((sum, flow) => sum + flow.length, 0),
    text,
  )
  return flows
}

/** Parts of a text that are many times as long as it would unpack without end. Throws `novel.hostile`. */
function rejectRepeated(bytes: number, text: Buffer): void {
  if (bytes > Math.max(text.length * mostRepeated, fewBytes))
    throw new Failure('novel.hostile', {
      detail: `it unpacks to more than ${mostRepeated} times its size`,
    })
}

const positionLink = /kindle:pos:fid:([0-9A-V]{1,10}):off:([0-9A-V]{1,12})/gi

/** Fragment and offset of every link in the text. */
function positionsIn(text: Buffer): (readonly [number, number])[] {
  return Array.from(
    text.toString('latin1').matchAll(positionLink),
    ([, fragment = '', offset = '']) => [Number.parseInt(fragment, 32), Number.parseInt(offset, 32)] as const,
  )
}

/** Writes an anchor before the element that begins at each of the offsets. */
function withAnchors(bytes: Buffer, fragment: number, offsets: ReadonlySet<number> | undefined): Buffer {
  if (offsets === undefined) return bytes
  const parts: Buffer[] = []
  let from = 0
  let at = -1
  for (const offset of [...offsets].toSorted((a, b) => a - b)) {
    if (at < offset && at < bytes.length) {
      const tag = bytes.indexOf('<', offset)
      at = tag < 0 ? bytes.length : tag
    }
    parts.push(bytes.subarray(from, at), Buffer.from(`<a id="${anchorName([fragment, offset])}"></a>`))
    from = at
  }
  return Buffer.concat([...parts, bytes.subarray(from)])
}

/** Inserts the parts at their offsets in the skeleton; none stands before one that was inserted earlier. */
function assemble(
  skeleton: Buffer,
  parts: readonly { readonly at: number; readonly bytes: Buffer }[],
): Buffer {
  const pieces: Buffer[] = []
  let from = 0
  for (const { at, bytes } of parts) {
    const place = Math.max(from, Math.min(at || 0, skeleton.length))
    pieces.push(skeleton.subarray(from, place), bytes)
    from = place
  }
  return Buffer.concat([...pieces, skeleton.subarray(from)])
}

/** Links and images by file and id. */
function resolved(markup: string, fileOf: (fragment: number) => string | undefined): string {
  return markup
    .replaceAll(positionLink, (link, fragment: string, offset: string) => {
      const position = [Number.parseInt(fragment, 32), Number.parseInt(offset, 32)] as const
      const file = fileOf(position[0])
      return file === undefined ? link : `${file}#${anchorName(position)}`
    })
    .replaceAll(
      /kindle:embed:([0-9A-V]{1,8})(?:\?mime=[\w/+.-]*)?/gi,
      (_, id: string) => `image-${Number.parseInt(id, 32)}`,
    )
    .replaceAll(/kindle:flow:([0-9A-V]{1,8})(?:\?mime=[\w/+.-]*)?/gi, (_, id: string) =>
      flowName(Number.parseInt(id, 32)),
    )
}
