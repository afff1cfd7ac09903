import { createHash } from 'node:crypto'
import type { ObjectPart, ObjectStore, StoredObject } from '../object-store.ts'

/** Parts of a studio beside its database. Clips are copied with their rows; the trash stays where it is. */
export const copiedParts = [
  'sources',
  'covers',
  'voices',
  'recordings',
  'imports',
] as const satisfies ObjectPart[]

export interface ComparedObjects {
  readonly part: (typeof copiedParts)[number]
  readonly objects: number
  readonly bytes: number
  /** Over the keys and the SHA-256 of each object, hex. */
  readonly sha256: string
  /** Objects of the target that were missing, different or too many. */
  readonly changed: number
}

interface ObjectCopyOptions {
  readonly onBytes?: (bytes: number) => void
  readonly signal?: AbortSignal | undefined
}

/** What was compared, by key: as long as neither side reports a change it is not read again. */
export type ComparedBefore = Map<
  string,
  { readonly source: string; readonly target: string; readonly sha256: string }
>

/**
 * Makes one part of the target what it is at the source. Each object is read again after it was written, or where it is
 * there already, and compared by its SHA-256.
 */
export async function copyObjects(
  source: ObjectStore,
  target: ObjectStore,
  part: ComparedObjects['part'],
  before: ComparedBefore,
  { onBytes, signal }: ObjectCopyOptions = {},
): Promise<ComparedObjects> {
  const [wanted, present] = [await listed(source, part), await listed(target, part)]
  const surplus = [...present.keys()].filter((key) => !wanted.has(key))
  await target.delete(surplus)
  const all = createHash('sha256')
  let [objects, bytes, changed] = [0, 0, surplus.length]
  for (const [key, from] of [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    signal?.throwIfAborted()
    const to = present.get(key)
    const known = before.get(key)
    let sha256 = known?.source === from.etag && known.target === to?.etag ? known.sha256 : undefined
    if (sha256 === undefined) {
      const compared = await compareOrCopy(source, target, from, to, signal)
      // Deleted since it was listed; the next pass removes it.
      if (!compared) continue
      before.set(key, compared)
      if (compared.copied) changed++
      sha256 = compared.sha256
    }
    objects++
    bytes += from.bytes
    all.update(`${key} ${sha256}\n`)
    onBytes?.(from.bytes)
  }
  return { part, objects, bytes, changed, sha256: all.digest('hex') }
}

async function listed(store: ObjectStore, part: string): Promise<Map<string, StoredObject>> {
  const found = new Map<string, StoredObject>()
  for await (const object of store.list(`${part}/`)) found.set(object.key, object)
  return found
}

async function compareOrCopy(
  source: ObjectStore,
  target: ObjectStore,
  { key, bytes }: StoredObject,
  there: StoredObject | undefined,
  signal: AbortSignal | undefined,
) {
  if (there?.bytes === bytes) {
    const [one, other] = [await digestOf(source, key), await digestOf(target, key)]
    if (!one) return undefined
    if (other && one.sha256 === other.sha256) return { ...described(one, other), copied: false }
  }
  const opened = await source.get(key)
  if (!opened) return undefined
  await target.put(key, opened.body, signal)
  const [one, other] = [await digestOf(source, key), await digestOf(target, key)]
  if (!one) return undefined
  if (one.sha256 !== other?.sha256) throw new Error(`${key} is not what was written`)
  return { ...described(one, other), copied: true }
}

interface Read {
  readonly etag: string
  readonly sha256: string
}

function described(source: Read, target: Read) {
  return { source: source.etag, target: target.etag, sha256: source.sha256 }
}

async function digestOf(store: ObjectStore, key: string): Promise<Read | undefined> {
  const opened = await store.get(key)
  if (!opened) return undefined
  const hash = createHash('sha256')
  for await (const chunk of opened.body as AsyncIterable<Buffer>) hash.update(chunk)
  return { etag: opened.etag, sha256: hash.digest('hex') }
}

/** Bytes of all that is copied. */
export async function objectBytes(store: ObjectStore): Promise<number> {
  let bytes = 0
  for (const part of copiedParts)
    for (const object of (await listed(store, part)).values()) bytes += object.bytes
  return bytes
}

/** A key of a store that another has not; `undefined` if there is none. */
export async function foreignObject(store: ObjectStore, source: ObjectStore): Promise<string | undefined> {
  for (const part of copiedParts) {
    const known = await listed(source, part)
    for await (const { key } of store.list(`${part}/`)) if (!known.has(key)) return key
  }
  return undefined
}
