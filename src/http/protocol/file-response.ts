import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fileName } from '../../novel/file-name.ts'
import { matchesIfNoneMatch } from './conditional-requests.ts'

/** `[start, end)` in bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * What a Range header asks of `size` bytes (RFC 9110, 14.1.2): `undefined` for all of it (no header, another unit,
 * several ranges), `'unsatisfiable'` when it begins beyond the end.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  const [, first = '', last = ''] = match ?? []
  if (!match || (first === '' && last === '')) return undefined
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 ? 'unsatisfiable' : { start: Math.max(0, size - suffix), end: size }
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && Number(last) < start) return undefined
  return start >= size ? 'unsatisfiable' : { start, end }
}

/** A file that need not exist as long as any range of it can be read. */
interface ComputedFile {
  /** Bytes. */
  readonly size: number
  readonly etag: string
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

/** Answers GET and HEAD with all of a file or the range that is asked for (RFC 9110, 13 and 14). */
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

/** Letters that no decomposition takes apart. */
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
 * RFC 6266 and RFC 8187: a name for a download, in plain letters for old clients, and the real one. Both are names that
 * every file system takes.
 */
export function contentDisposition(title: string, ending: string): string {
  const name = `${fileName(title)}${ending}`
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${toAscii(name)}"; filename*=UTF-8''${encoded}`
}

/** é → e, đ → d; what has no plain letter is `_`. */
function toAscii(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}+/gu, '')
      .replaceAll(/[^\x20-\x7e]/gu, (char) => asciiLetters[char] ?? '_')
      // A percent sign is taken for an escape by some; the others end the quoted string or, made by NFKD, are a separator.
      .replaceAll(/["%\\/:*?<>|]/g, '_')
  )
}
