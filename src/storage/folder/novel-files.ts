import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { coverPath, type DataPaths, sourceCardPath, sourcePath } from './data-paths.ts'

/** Metadata of a source file. */
const card = z.object({
  /** The uploaded file's name. */
  fileName: z.string(),
})

type SourceCard = z.infer<typeof card>

/** `undefined` if the card is missing, as for older sources, or damaged. */
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

/** The names in `sources` that are source files: the ids of their novels. */
export function sourceIdsAmong(names: readonly string[]): string[] {
  return names.filter((name) => uuid.test(name))
}

/** Novel ids of the source files present, in order of import (UUIDv7). */
export async function storedSourceIds(folder: DataPaths): Promise<string[]> {
  return sourceIdsAmong(await readdir(folder.sources)).toSorted()
}

/** Path, size and SHA-256 (hex) of a source file, read as a stream. */
export async function hashSource(
  folder: DataPaths,
  novelId: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly sha256: string }> {
  const path = sourcePath(folder, novelId)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

/** A novel's cover; `undefined` if its file is missing. */
export async function readCover(folder: DataPaths, novelId: string): Promise<Uint8Array | undefined> {
  return readFile(coverPath(folder, novelId)).catch(() => undefined)
}
