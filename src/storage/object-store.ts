import type { Readable } from 'node:stream'

export interface StoredObject {
  readonly key: string
  readonly bytes: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** Differs when the bytes differ; opaque. */
  readonly etag: string
}

/** `[start, end)` in bytes; what lies beyond the object's end is left out. */
export interface ObjectRange {
  readonly start: number
  readonly end?: number
}

export interface OpenedObject extends StoredObject {
  /** To be read to its end or destroyed. Fails if the object is gone before it is read. */
  readonly body: Readable
}

/** A path that is valid until it is disposed of or its object is deleted. The file must only be read. */
export interface LocalFile extends AsyncDisposable {
  readonly path: string
}

/**
 * Files by key: `sources/ID`, `covers/ID`, `voices/INSTALL/model.onnx`, `recordings/KEY`. An object is whole or absent,
 * also after a crash. Every method throws an `Error` for what is no key (see `isObjectKey`), and else the file system's
 * error or an `ObjectStoreError`.
 */
export interface ObjectStore {
  /** Durable when it resolves. Replaces an object of this key. Throws what `body` throws, and the signal's reason. */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>
  /** The same for a finished file of this machine, which is gone afterwards. */
  putFile(key: string, path: string, signal?: AbortSignal): Promise<void>
  get(key: string, range?: ObjectRange): Promise<OpenedObject | undefined>
  head(key: string): Promise<StoredObject | undefined>
  /** Objects that do not exist are ignored. */
  delete(keys: readonly string[]): Promise<void>
  /** Does nothing if there is no object `from`. A crash may leave both. */
  move(from: string, to: string): Promise<void>
  /** Objects whose key begins with `prefix` (a part and a slash, at least), each once, in any order. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** For what needs a file: the importer, speech engines, FFmpeg. `undefined`: there is no such object. */
  localFile(key: string): Promise<LocalFile | undefined>
}

/** The store itself failed, not the request: it cannot be reached, is full, or refuses the access. */
export class ObjectStoreError extends Error {
  readonly reason: 'unreachable' | 'full' | 'refused'

  constructor(reason: ObjectStoreError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The first steps of keys. */
const objectParts = [
  'sources',
  'covers',
  'voices',
  'recordings',
  'clips',
  'packs',
  'trash',
  'imports',
  'store',
] as const
export type ObjectPart = (typeof objectParts)[number]

/** Limit of a name on the usual file systems, in UTF-8 bytes. */
const maxNameBytes = 255
/** S3's limit is 1024. */
const maxKeyBytes = 900

/**
 * Whether a key can be stored alike in a folder and in S3: a known part, then names without separators, `..`, drives or
 * control characters. To be checked for every key that is made of what comes from a file or a database.
 */
export function isObjectKey(key: string): boolean {
  const [part = '', ...names] = key.split('/')
  return (
    (objectParts as readonly string[]).includes(part) &&
    names.length > 0 &&
    names.every(isObjectName) &&
    Buffer.byteLength(key) <= maxKeyBytes
  )
}

function isObjectName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    !/[/\\:\p{C}]/u.test(name) &&
    Buffer.byteLength(name) <= maxNameBytes
  )
}

/** Throws an `Error` if it is none. */
export function requireObjectKey(key: string): string {
  if (!isObjectKey(key)) throw new Error(`${JSON.stringify(key)} is not the key of an object`)
  return key
}

/** A prefix for `list`: a part, a slash, and perhaps the beginning of a name. */
export function requireObjectPrefix(prefix: string): string {
  if (!isObjectKey(`${prefix}x`)) throw new Error(`${JSON.stringify(prefix)} is not a prefix of keys`)
  return prefix
}

/** All bytes of a small object, or a part of it; `undefined` if there is none. */
export async function readObject(
  objects: ObjectStore,
  key: string,
  range?: ObjectRange,
): Promise<Buffer | undefined> {
  const opened = await objects.get(key, range)
  return opened && Buffer.concat(await opened.body.toArray())
}
