import { parse as parseDisposition } from 'content-disposition'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { savedFrom } from '../../../importer/saved-page.ts'
import { formatOf } from '../../../importer/format-registry.ts'
import { isZip } from '../../../importer/foreign-formats.ts'
import { Failure } from '../../../novel/failure.ts'
import type { DataPaths } from '../../../storage/local/data-paths.ts'
import { receiveFile, type TemporaryFile } from '../../../storage/local/temporary-files.ts'
import { requestWeb, type WebAnswer, type WebRules } from './web-request.ts'

/** What lay at an address, among the temporary files. */
export interface WebFile {
  readonly file: TemporaryFile
  readonly fileName: string
  /** Where it lay after redirects. */
  readonly url: URL
}

export interface WebFileOptions extends WebRules {
  /** Bytes, unpacked. */
  readonly limit: number
  /** Called with the bytes that have come. */
  readonly onBytes?: (bytes: number) => void
}

/** What no book comes as; of all else the content says what it is. */
const noBook =
  /^(?:image|audio|video|font)\/|^application\/(?:json|javascript|(?:rss|atom)\+xml)$|^text\/(?:css|javascript)$/
const pageTypes = new Set(['text/html', 'application/xhtml+xml'])
/** By which a book's format is known. */
const headBytes = 4096

/**
 * Fetches what lies at an address: a page or a book, by its content. A page gets a mark of where it comes from. Throws
 * `address.refused`, `address.no-book`, `address.too-large`, `address.slow`, what `requestWeb` throws, and the signal's reason.
 */
export async function fetchWebFile(
  address: URL,
  folder: DataPaths,
  options: WebFileOptions,
  signal: AbortSignal,
): Promise<WebFile> {
  const whole = AbortSignal.timeout(options.wholeMs)
  const slow = () => new Failure('address.slow', { host: address.host })
  const stopped = AbortSignal.any([signal, whole])
  try {
    const answer = await requestWeb(address, options, stopped)
    try {
      const { url, message } = answer
      const { type, charset } = contentType(message.headers['content-type'])
      const host = url.host
      const status = message.statusCode ?? 0
      if (status !== 200) throw new Failure('address.refused', { host, status })
      if (noBook.test(type)) throw new Failure('address.no-book', { host, type })
      const declared = Number(message.headers['content-length'] ?? 0)
      const tooLarge = () =>
        new Failure('address.too-large', { limit: `${Math.floor(options.limit / 1024 / 1024)} MB` })
      if (declared > options.limit) throw tooLarge()
      const body = limited(unpacked(answer), options.limit, tooLarge, options.onBytes)
      const [head, rest] = await firstBytes(body)
      const isPage = isWebPage(head, type)
      const bytes = isPage ? withMark(head, rest, address, charset) : joined(head, rest)
      const file = await receiveFile(folder, bytes, stopped)
      return { file, fileName: fileNameOf(answer, isPage), url }
    } finally {
      answer.message.destroy()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (whole.aborted) throw slow()
    throw error
  }
}

function contentType(header = ''): { readonly type: string; readonly charset: string | undefined } {
  const [type = '', ...parameters] = header.split(';')
  const named = parameters.map((each) => /^\s*charset\s*=\s*"?([\w.:-]{1,40})"?\s*$/i.exec(each)?.[1])
  return { type: type.trim().toLowerCase(), charset: named.find((each) => each !== undefined) }
}

/** The body as it was before it was packed for the way. */
function unpacked({ message, url }: WebAnswer): AsyncIterable<Uint8Array> {
  const encoding = (message.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const unpack =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : undefined
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      if (!unpack) yield* message
      else {
        message.on('error', (error) => unpack.destroy(error))
        yield* message.pipe(unpack)
      }
    } catch (cause) {
      if (cause instanceof Failure) throw cause
      throw new Failure(
        'address.unreachable',
        { host: url.host, detail: 'the connection breaks off' },
        { cause },
      )
    }
  }
  return read()
}

async function* limited(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  tooLarge: () => Failure,
  onBytes: WebFileOptions['onBytes'],
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limit) throw tooLarge()
    onBytes?.(bytes)
    yield chunk
  }
}

/** The first bytes, if there are so many, and what comes after them. */
async function firstBytes(
  body: AsyncGenerator<Uint8Array>,
): Promise<readonly [head: Uint8Array, rest: AsyncGenerator<Uint8Array>]> {
  const chunks: Uint8Array[] = []
  for (let bytes = 0; bytes < headBytes;) {
    const { value, done } = await body.next()
    if (done) break
    chunks.push(value)
    bytes += value.length
  }
  return [Buffer.concat(chunks), body]
}

/** A page that its server calls one may begin with anything that is no other kind of book. */
function isWebPage(start: Uint8Array, type: string): boolean {
  const head = start.subarray(0, headBytes)
  if (isZip(head)) return false
  const format = formatOf({ head, start })?.name
  return format === 'html' || (pageTypes.has(type) && (format === 'text' || format === 'markdown'))
}

async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  yield* rest
}

async function* withMark(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  address: URL,
  charset: string | undefined,
): AsyncGenerator<Uint8Array> {
  const wide =
    head[0] === 0xff && head[1] === 0xfe
      ? 'utf-16le'
      : head[0] === 0xfe && head[1] === 0xff
        ? 'utf-16be'
        : wideCharset(charset)
  yield Buffer.from(savedFrom(address, wide === undefined ? charset : undefined))
  // UTF-16 cannot stand behind the mark, which is ASCII.
  if (wide !== undefined) yield* inUtf8(joined(head, rest), wide)
  else yield* joined(withoutMark(head), rest)
}

function wideCharset(charset: string | undefined): string | undefined {
  return charset !== undefined && /^utf-?16(?:le|be)?$/i.test(charset)
    ? charset.toLowerCase().endsWith('be')
      ? 'utf-16be'
      : 'utf-16le'
    : undefined
}

/** Without UTF-8's byte order mark. */
function withoutMark(head: Uint8Array): Uint8Array {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head
}

async function* inUtf8(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(charset)
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** For people, and for the title of a book without one. */
function fileNameOf({ message, url }: WebAnswer, isPage: boolean): string {
  const named = dispositionName(message.headers['content-disposition'])
  const last = decoded(url.pathname.split('/').findLast((part) => part !== '') ?? '')
  const name = (named ?? last)
    .replaceAll(/[\p{Cc}/\\]/gu, ' ')
    .trim()
    .slice(-200)
  if (!isPage) return name === '' ? url.hostname : name
  const plain = name.replace(/\.(?:[xs]?html?|php|aspx?|jsp)$/i, '')
  return `${plain === '' ? url.hostname : plain}.html`
}

function dispositionName(header: string | undefined): string | undefined {
  try {
    return header === undefined ? undefined : parseDisposition(header).parameters['filename']
  } catch {
    return undefined
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
