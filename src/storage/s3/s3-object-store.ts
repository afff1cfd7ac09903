import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type ListObject, S3mini, sanitizeETag } from 's3mini'
import {
  isObjectKey,
  type LocalFile,
  type ObjectRange,
  type ObjectStore,
  ObjectStoreError,
  type OpenedObject,
  requireObjectKey,
  requireObjectPrefix,
  type StoredObject,
} from '../object-store.ts'
import { LocalCopies } from './local-copies.ts'
import { chunksOf, partBytes, partsOf } from './s3-bodies.ts'
import type { S3Address } from '../s3-address.ts'
import { asObjectStoreError, persistentFetch, s3Status } from './s3-request.ts'

const keysPerPage = 1000
const maxResumptions = 5

interface S3Options {
  readonly address: S3Address
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** For copies of objects as files of this machine. */
  readonly copies: { readonly folder: string; readonly limit: number }
  /** Milliseconds for which requests are repeated while the store cannot be reached. */
  readonly patience?: number
}

/** Objects in a bucket of an S3-compatible store. Requests are repeated while it cannot be reached for some seconds. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3mini
  readonly #address: S3Address
  readonly #copies: LocalCopies

  constructor({ address, accessKeyId, secretAccessKey, copies, patience = 30_000 }: S3Options) {
    this.#address = address
    this.#client = new S3mini({
      accessKeyId,
      secretAccessKey,
      endpoint: `${address.endpoint}/${address.bucket}`,
      region: address.region,
      fetch: persistentFetch(patience),
    })
    this.#copies = new LocalCopies({ ...copies, get: (key) => this.get(key), head: (key) => this.head(key) })
  }

  /** Checks that the bucket can be read, and empties the folder of copies. Throws an `ObjectStoreError`. */
  async open(): Promise<void> {
    await this.#copies.clear()
    for await (const _ of this.list('sources/')) break
  }

  async put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    const name = this.#nameOf(key)
    if (body instanceof Uint8Array && body.length <= partBytes) {
      signal?.throwIfAborted()
      this.#copies.forget(key)
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
      await this.#asking(() => this.#client.putObject(name, bytes))
      return
    }
    const parts = partsOf(body instanceof Uint8Array ? [body] : body, signal)
    this.#copies.forget(key)
    const { value: first = Buffer.alloc(0) } = await parts.next()
    const { value: second } = await parts.next()
    if (second === undefined) {
      await this.#asking(() => this.#client.putObject(name, first))
      return
    }
    const upload = await this.#asking(() => this.#client.getMultipartUploadId(name))
    try {
      let bytes = 0
      const sent: { partNumber: number; etag: string }[] = []
      const send = async (part: Buffer): Promise<void> => {
        const { etag } = await this.#asking(() =>
          this.#client.uploadPart(name, upload, part, sent.length + 1),
        )
        sent.push({ partNumber: sent.length + 1, etag })
        bytes += part.length
      }
      await send(first)
      await send(second)
      for await (const part of parts) await send(part)
      await this.#complete(key, upload, sent, bytes)
    } catch (error) {
      await this.#client.abortMultipartUpload(name, upload).catch(() => undefined)
      throw error
    }
  }

  async putFile(key: string, path: string, signal?: AbortSignal): Promise<void> {
    requireObjectKey(key)
    signal?.throwIfAborted()
    await stat(path)
    await this.put(key, createReadStream(path, { highWaterMark: 1024 * 1024 }), signal)
    await rm(path, { force: true })
  }

  async get(key: string, range?: ObjectRange): Promise<OpenedObject | undefined> {
    const { start = 0, end = Infinity } = range ?? {}
    if (start >= end) return withBody(await this.head(key), Readable.from([]))
    const response = await this.#request(key, start, end)
    if (response === 'absent') return undefined
    // S3 refuses ranges that begin at the end.
    if (response === 'beyond') return withBody(await this.head(key), Readable.from([]))
    const stored = described(key, response)
    const body = this.#bytesOf(stored, response, start, Math.min(end, stored.bytes))
    return { ...stored, body: Readable.from(body, { objectMode: false }) }
  }

  /** By its first byte, because a response to HEAD has no reason of a failure. */
  async head(key: string): Promise<StoredObject | undefined> {
    const response = await this.#request(key, 0, 1)
    if (response === 'absent') return undefined
    const whole = response === 'beyond' ? await this.#request(key, 0, Infinity) : response
    if (whole === 'absent' || whole === 'beyond') return undefined
    await whole.body?.cancel()
    return described(key, whole)
  }

  async delete(keys: readonly string[]): Promise<void> {
    const names = [...new Set(keys.map((key) => this.#nameOf(key)))]
    for (const key of keys) this.#copies.forget(key)
    for (let at = 0; at < names.length; at += keysPerPage) {
      const some = names.slice(at, at + keysPerPage)
      const deleted = await this.#asking(() => this.#client.deleteObjects(some))
      // The client does not recognise the keys with quotation marks in the answer.
      for (const [index, name] of some.entries()) {
        if (deleted[index] !== true) await this.#asking(() => this.#client.deleteObject(name))
      }
    }
  }

  async move(from: string, to: string): Promise<void> {
    const [source, target] = [this.#nameOf(from), this.#nameOf(to)]
    this.#copies.forget(to)
    if (!(await this.head(from))) return
    await this.#asking(() => this.#client.copyObject(source, target))
    await this.delete([from])
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const start = `${this.#address.prefix}${requireObjectPrefix(prefix)}`
    let token: string | undefined
    do {
      const page = await this.#asking(() => this.#client.listObjectsPaged('/', start, keysPerPage, token, {}))
      if (!page?.objects) {
        const { name, bucket } = this.#address
        throw new ObjectStoreError('refused', `the object store ${name} has no bucket ${bucket}`)
      }
      for (const { Key, Size, LastModified, ETag } of page.objects) {
        const key = withoutReferences(Key).slice(this.#address.prefix.length)
        if (isObjectKey(key))
          yield { key, bytes: Size, modifiedAt: inSeconds(LastModified), etag: sanitizeETag(ETag) }
      }
      token = page.nextContinuationToken
    } while (token !== undefined)
  }

  async localFile(key: string): Promise<LocalFile | undefined> {
    return this.#copies.open(requireObjectKey(key))
  }

  /** A repeated completion whose first answer was lost finds no upload any more, but the object. */
  async #complete(
    key: string,
    upload: string,
    parts: { partNumber: number; etag: string }[],
    bytes: number,
  ): Promise<void> {
    try {
      await this.#client.completeMultipartUpload(this.#nameOf(key), upload, parts)
    } catch (error) {
      if (s3Status(error) !== 404 || (await this.head(key))?.bytes !== bytes) {
        throw asObjectStoreError(error, this.#address.name)
      }
    }
  }

  async #request(key: string, start: number, end: number): Promise<Response | 'absent' | 'beyond'> {
    const isWhole = start === 0 && end === Infinity
    const to = end === Infinity ? undefined : end
    try {
      return await this.#client.getObjectRaw(this.#nameOf(key), isWhole, start, to)
    } catch (error) {
      if (s3Status(error) === 404) return 'absent'
      if (s3Status(error) === 416) return 'beyond'
      throw asObjectStoreError(error, this.#address.name)
    }
  }

  /** The body, requested again from where it broke off. */
  async *#bytesOf(
    stored: StoredObject,
    first: Response,
    start: number,
    end: number,
  ): AsyncGenerator<Uint8Array> {
    let [at, response, failures] = [start, first, 0]
    for (;;) {
      try {
        for await (const chunk of chunksOf(response)) {
          at += chunk.length
          yield chunk
        }
        if (at >= end) return
        throw new Error('the response ended early')
      } catch (error) {
        if (++failures > maxResumptions) throw asObjectStoreError(error, this.#address.name)
        const next = await this.#request(stored.key, at, end)
        if (typeof next === 'string' || described(stored.key, next).etag !== stored.etag) {
          if (typeof next !== 'string') await next.body?.cancel()
          throw new ObjectStoreError('refused', `${stored.key} changed while it was read`, { cause: error })
        }
        response = next
      }
    }
  }

  #nameOf(key: string): string {
    return `${this.#address.prefix}${requireObjectKey(key)}`
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw asObjectStoreError(error, this.#address.name)
    }
  }
}

function withBody(stored: StoredObject | undefined, body: Readable): OpenedObject | undefined {
  return stored && { ...stored, body }
}

function described(key: string, { headers }: Response): StoredObject {
  const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  return {
    key,
    bytes: Number(total ?? headers.get('content-length') ?? 0),
    modifiedAt: inSeconds(new Date(headers.get('last-modified') ?? 0)),
    etag: sanitizeETag(headers.get('etag') ?? ''),
  }
}

/** The client's XML parser leaves numeric character references, such as `&#39;`, as they are. */
function withoutReferences(text: string): string {
  return text
    .replaceAll(/&#x([\da-f]{1,6});/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/&#(\d{1,7});/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

/** Listings have milliseconds, headers have not. */
function inSeconds(date: ListObject['LastModified']): number {
  return Math.floor(date.getTime() / 1000) * 1000
}
