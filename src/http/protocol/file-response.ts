import { Readable } from 'node:stream'
import { create } from 'content-disposition'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parse } from 'range-parser'
import { fileName } from '../../novel/file-name.ts'
import { matchesIfNoneMatch } from './conditional-requests.ts'

/** `[start, end)` in bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Parses a Range header for a file of `size` bytes (RFC 9110, 14.1.2): `undefined` for the whole file (no header,
 * another unit, several ranges), `'unsatisfiable'` if it begins beyond the end.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const { type, code, ranges } = parse(size, header ?? '')
  const malformed = (code & 1) !== 0
  if (type !== 'bytes' || malformed || ranges.length > 1) return undefined
  const [range] = ranges
  return range ? { start: range.start, end: range.end + 1 } : 'unsatisfiable'
}

/** A file, stored or computed, of which any byte range can be read. */
interface ComputedFile {
  /** Bytes. */
  readonly size: number
  readonly etag: string
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

/** Answers GET and HEAD with a file or the requested range of it (RFC 9110, 13 and 14). */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  { size, etag, read }: ComputedFile,
): FastifyReply {
  reply.headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  })
  if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const range = fresh ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send()
  const { start, end } = range ?? { start: 0, end: size }
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`)
  reply.header('content-length', end - start)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Readable.from(read(start, end), { objectMode: false }))
}

/** ASCII replacements of characters without a Unicode decomposition. */
const asciiLetters: Readonly<Record<string, string>> = {
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  Ŋ: 'N',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  þ: 'th',
  Þ: 'Th',
  ə: 'e',
  Ə: 'E',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': "'",
  '”': "'",
  '„': "'",
  '«': "'",
  '»': "'",
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
}

/**
 * A `Content-Disposition` header (RFC 6266, RFC 8187) with an ASCII name for old clients and the UTF-8 name. Both are
 * valid on every file system. `ending`: file extension with its dot.
 */
export function contentDisposition(title: string, ending: string): string {
  const name = `${fileName(title)}${ending}`
  return create(name, { fallback: toAscii(name) })
}

/** é → e, đ → d; characters without an ASCII equivalent become `_`. */
function toAscii(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}+/gu, '')
      .replaceAll(/[^\x20-\x7e]/gu, (char) => asciiLetters[char] ?? '_')
      // Some clients decode a percent sign; the others end the quoted string or, produced by NFKD, are path separators.
      .replaceAll(/["%\\/:*?<>|]/g, '_')
  )
}
