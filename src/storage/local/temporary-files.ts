import { createHash, randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataPaths } from './data-paths.ts'

/** An upload that is complete and durable among the temporary files. */
export interface TemporaryFile extends AsyncDisposable {
  readonly path: string
  /** Hex. */
  readonly sha256: string
  readonly bytes: number
}

/**
 * Streams an upload to the disk and hashes it, in constant memory. Removes the file if the stream throws or the signal
 * is aborted, whose reason it throws. Disposing removes the file if it is still there.
 */
export async function receiveFile(
  folder: DataPaths,
  stream: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<TemporaryFile> {
  const path = join(folder.temporary, randomUUID())
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await using file = await open(path, 'wx')
    for await (const chunk of untilAborted(stream, signal)) {
      hash.update(chunk)
      bytes += chunk.length
      for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten
    }
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return {
    path,
    sha256: hash.digest('hex'),
    bytes,
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  }
}

/** The stream's chunks. Throws the signal's reason as soon as it is aborted, also while waiting for a chunk. */
async function* untilAborted<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  signal?.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  aborted.catch(() => undefined)
  const abort = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const chunks = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { value, done } = await Promise.race([chunks.next(), aborted])
      if (done) return
      yield value
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    // Not awaited: a generator that is waiting for its next chunk returns only after that.
    void chunks.return?.()?.catch(() => undefined)
  }
}
