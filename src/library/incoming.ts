import { createHash, randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Folder } from './folder.ts'

/** A book that lies whole and durable in `incoming`, not yet on the shelf. */
export interface IncomingFile extends AsyncDisposable {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/**
 * Streams an upload to the disk, hashing it on the way: memory does not grow with the file. Removes what it wrote if
 * the stream breaks. Disposing removes the file if it is still there.
 */
export async function receive(folder: Folder, stream: AsyncIterable<Uint8Array>): Promise<IncomingFile> {
  const path = join(folder.incoming, randomUUID())
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await using file = await open(path, 'wx')
    for await (const chunk of stream) {
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
