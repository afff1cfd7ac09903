import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { coverKey, sourceCardKey, sourceKey } from './object-keys.ts'
import { type LocalFile, type ObjectStore, readObject } from './object-store.ts'

/** What was known of a book besides what its file says: from where it came, or what a library has of it. */
const told = z.object({
  title: z.string().exactOptional(),
  author: z.string().exactOptional(),
  identifiers: z.array(z.string()).exactOptional(),
  series: z.object({ name: z.string(), position: z.string().exactOptional() }).exactOptional(),
})

export type ToldOfBook = z.infer<typeof told>

/** Metadata of a source file. */
const card = z.object({
  /** The uploaded file's name. */
  fileName: z.string(),
  told: told.exactOptional(),
  /** The listener who alone sees the novel. */
  keeper: z.string().exactOptional(),
  /** The novel that it is another version of, to which it is offered. */
  versionOf: z.string().exactOptional(),
})

type SourceCard = z.infer<typeof card>

/** `undefined` if the card is missing, as for older sources, or damaged. */
export async function readSourceCard(objects: ObjectStore, novelId: string): Promise<SourceCard | undefined> {
  const bytes = await readObject(objects, sourceCardKey(novelId))
  try {
    return bytes && card.parse(JSON.parse(bytes.toString()))
  } catch {
    return undefined
  }
}

/** What a card says that may change: who alone sees the novel (`null`: everybody does), of which it is a version. */
export interface CardChange {
  readonly keeper: string | null
  readonly versionOf: string | null
}

interface NewCard extends CardChange {
  readonly fileName: string
  readonly told?: ToldOfBook | undefined
}

export function sourceCardBytes({ keeper, versionOf, ...card }: NewCard): Uint8Array {
  const written = { ...card, keeper: keeper ?? undefined, versionOf: versionOf ?? undefined }
  return Buffer.from(JSON.stringify(written))
}

/** Whether the card says so. */
export function isCardOf(card: SourceCard, { keeper, versionOf }: CardChange): boolean {
  return (card.keeper ?? null) === keeper && (card.versionOf ?? null) === versionOf
}

/** Has the card of a source say so. A missing one stays so. Returns whether it was written. */
export async function rewriteSourceCard(
  objects: ObjectStore,
  novelId: string,
  change: CardChange,
): Promise<boolean> {
  const known = await readSourceCard(objects, novelId)
  if (!known || isCardOf(known, change)) return false
  const { keeper, versionOf } = change
  await objects.put(sourceCardKey(novelId), sourceCardBytes({ ...known, keeper, versionOf }))
  return true
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The names in `sources` that are source files: the ids of their novels. */
export function sourceIdsAmong(names: readonly string[]): string[] {
  return names.filter((name) => uuid.test(name))
}

/** Novel ids of the source files present, in order of import (UUIDv7). */
export async function storedSourceIds(objects: ObjectStore): Promise<string[]> {
  const names: string[] = []
  for await (const { key } of objects.list('sources/')) names.push(key.slice('sources/'.length))
  return sourceIdsAmong(names).toSorted()
}

/** A source as a file of this machine, with its size and SHA-256 (hex). Throws if it is missing. */
export async function openSource(
  objects: ObjectStore,
  novelId: string,
): Promise<LocalFile & { readonly bytes: number; readonly sha256: string }> {
  await using opened = new AsyncDisposableStack()
  const file = await objects.localFile(sourceKey(novelId))
  if (!file) throw new Error(`there is no source of the novel ${novelId}`)
  opened.use(file)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file.path), hash)
  const { size: bytes } = await stat(file.path)
  const open = opened.move()
  return {
    path: file.path,
    bytes,
    sha256: hash.digest('hex'),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** A novel's cover; `undefined` if it is missing. */
export async function readCover(objects: ObjectStore, novelId: string): Promise<Uint8Array | undefined> {
  return readObject(objects, coverKey(novelId))
}
