import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { z } from 'zod'

/**
 * A model of several graphs as one file: the mark, the files' names and sizes as JSON, each on a line, then their bytes
 * one after the other. So it has one checksum, and is stored, fetched and shared as every other model.
 */
const mark = 'nightjar bundle 1\n'
const maxHeadBytes = 4096
const blockBytes = 1 << 20

const head = z.array(z.object({ name: z.string(), bytes: z.number().int().nonnegative() })).min(1)

export interface BundlePart {
  /** As its publisher calls it: `vector_estimator.onnx`. */
  readonly name: string
  readonly path: string
}

/**
 * Writes files as one bundle, which is whole or absent. The same files in any order give the same bytes. `target` may be
 * on the same disk only.
 */
export async function writeBundle(parts: readonly BundlePart[], target: string): Promise<void> {
  const sorted = parts.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const sizes = await Promise.all(
    sorted.map(async ({ name, path }) => ({ name, bytes: (await stat(path)).size })),
  )
  const unfinished = `${target}.bundle`
  {
    await using out = await open(unfinished, 'w')
    await writeWhole(out, Buffer.from(`${mark}${JSON.stringify(sizes)}\n`))
    for (const { path } of sorted) {
      for await (const block of createReadStream(path, { highWaterMark: blockBytes }))
        await writeWhole(out, block as Uint8Array)
    }
    await out.sync()
  }
  await rename(unfinished, target)
}

async function writeWhole(out: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await out.write(bytes, at)).bytesWritten
}

/** The names and places of a bundle's files; `undefined` if the file is none. Throws an `Error` if it is cut off. */
export async function readBundleHead(
  path: string,
): Promise<ReadonlyMap<string, { readonly from: number; readonly bytes: number }> | undefined> {
  await using file = await open(path)
  const start = new Uint8Array(maxHeadBytes)
  const { bytesRead } = await file.read(start, 0, maxHeadBytes, 0)
  const text = Buffer.from(start.subarray(0, bytesRead)).toString('latin1')
  if (!text.startsWith(mark)) return undefined
  const end = text.indexOf('\n', mark.length)
  const files = head.parse(JSON.parse(text.slice(mark.length, Math.max(end, mark.length))))
  let from = end + 1
  const places = new Map<string, { from: number; bytes: number }>()
  for (const { name, bytes } of files) {
    places.set(name, { from, bytes })
    from += bytes
  }
  if (from !== (await file.stat()).size) throw new Error('the model is not whole')
  return places
}

/** Reads one file of a bundle. */
export async function readBundled(
  path: string,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await open(path)
  const content = new Uint8Array(bytes)
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(content, at, bytes - at, from + at)
    if (bytesRead === 0) throw new Error('the model is not whole')
    at += bytesRead
  }
  return content
}
