import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { coverPath, type DataPaths, sourceCardPath, sourcePath } from './data-paths.ts'

/** What is known of a source beside its bytes. */
const card = z.object({
  /** As whoever brought it called it. */
  fileName: z.string(),
})

type SourceCard = z.infer<typeof card>

/** Older sources have none, and a damaged one is none. */
export async function readSourceCard(folder: DataPaths, novelId: string): Promise<SourceCard | undefined> {
  try {
    return card.parse(JSON.parse(await readFile(sourceCardPath(folder, novelId), 'utf8')))
  } catch {
    return undefined
  }
}

export function sourceCardBytes(written: SourceCard): Uint8Array {
  return Buffer.from(JSON.stringify(written))
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Of names in `sources`, those of books: a book's name is the id of its novel. */
export function sourceIdsAmong(names: readonly string[]): string[] {
  return names.filter((name) => uuid.test(name))
}

/** The books that lie in `sources`, by the id of their novel, in the order in which they came. */
export async function storedSourceIds(folder: DataPaths): Promise<string[]> {
  return sourceIdsAmong(await readdir(folder.sources)).toSorted()
}

/** Size and SHA-256 of a source, read some at a time. */
export async function hashSource(
  folder: DataPaths,
  novelId: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly sha256: string }> {
  const path = sourcePath(folder, novelId)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

/** A novel's cover; `undefined` if its file is gone. */
export async function readCover(folder: DataPaths, novelId: string): Promise<Uint8Array | undefined> {
  return readFile(coverPath(folder, novelId)).catch(() => undefined)
}
