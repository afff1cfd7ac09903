import { Failure } from '../../novel/failure.ts'
import { latin1, type PalmDatabase, uint16, uint32 } from './palm-database.ts'

/** What the first record of a book says (MobileRead's wiki, *MOBI*; KindleUnpack). */
export interface MobiHeaders {
  /** Number of the record that this header is; the numbers below count from it. */
  readonly base: number
  /** 1: none, 2: PalmDOC, 17480: HUFF/CDIC. */
  readonly compression: number
  readonly textRecords: number
  readonly encrypted: boolean
  /** 8 for KF8 (AZW3). */
  readonly version: number
  readonly encoding: 'utf-8' | 'windows-1252'
  /** Bits that tell which bytes follow the text in its records. */
  readonly trailingFlags: number
  /** First record of images and fonts, counted from the file's first. */
  readonly resources: number
  readonly huffman: { readonly record: number; readonly count: number }
  /** Record of the table of contents. */
  readonly ncx: number | undefined
  readonly kf8:
    | { readonly flows: number | undefined; readonly fragments: number; readonly skeletons: number }
    | undefined
  readonly title: string
  /** Language and region by Microsoft's numbers. */
  readonly locale: number
  /** EXTH records by type. */
  readonly extra: ReadonlyMap<number, readonly Buffer[]>
}

const none = 0xffffffff

/** Of a file with a book for old and new readers the new one; throws `novel.damaged`. */
export function readMobiHeaders(database: PalmDatabase): MobiHeaders {
  const first = headersAt(database, 0)
  if (first === undefined) throw new Failure('novel.damaged', { detail: 'its package file is broken' })
  const boundary = first.extra.get(121)?.[0]
  const second = boundary === undefined ? none : uint32(boundary, 0)
  if (first.version >= 8 || second === none || second >= database.count) return first
  const modern = headersAt(database, second)
  return modern !== undefined && modern.version >= 8 ? { ...modern, resources: first.resources } : first
}

function headersAt(database: PalmDatabase, base: number): MobiHeaders | undefined {
  const record = database.record(base)
  if (latin1(record, 16, 20) !== 'MOBI') return undefined
  const length = uint32(record, 20)
  const encoding = uint32(record, 28) === 65_001 ? 'utf-8' : 'windows-1252'
  const version = uint32(record, 36)
  const titleStart = uint32(record, 84)
  const pointer = (offset: number): number | undefined => {
    const value = uint32(record, offset)
    return value === none || value === 0 ? undefined : value
  }
  const [fragments, skeletons] = [pointer(248), pointer(252)]
  return {
    base,
    compression: uint16(record, 0),
    textRecords: uint16(record, 8),
    encrypted: uint16(record, 12) !== 0,
    version,
    encoding,
    trailingFlags: length >= 228 ? uint16(record, 242) : 0,
    resources: uint32(record, 108),
    huffman: { record: uint32(record, 112), count: uint32(record, 116) },
    ncx: length >= 232 ? pointer(244) : undefined,
    kf8:
      version >= 8 && fragments !== undefined && skeletons !== undefined
        ? { flows: pointer(192), fragments, skeletons }
        : undefined,
    title: new TextDecoder(encoding).decode(
      record.subarray(titleStart, Math.min(record.length, titleStart + uint32(record, 88))),
    ),
    locale: uint32(record, 92),
    extra: (uint32(record, 128) & 0x40) === 0 ? new Map() : extraRecords(record, length + 16),
  }
}

function extraRecords(record: Buffer, start: number): ReadonlyMap<number, readonly Buffer[]> {
  const extra = new Map<number, Buffer[]>()
  if (latin1(record, start, start + 4) !== 'EXTH') return extra
  let at = start + 12
  for (let left = uint32(record, start + 8); left > 0 && at + 8 <= record.length; left--) {
    const length = uint32(record, at + 4)
    if (length < 8) break
    const type = uint32(record, at)
    const known = extra.get(type) ?? []
    known.push(record.subarray(at + 8, at + length))
    extra.set(type, known)
    at += length
  }
  return extra
}
