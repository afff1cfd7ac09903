import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Checksum } from '../novel/voice-catalogue.ts'

/** Of a whole file, read in blocks that hold the event loop for a few milliseconds each. */
export async function fileChecksum(
  path: string,
  algorithm: Checksum['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm)
  for await (const block of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    signal?.throwIfAborted()
    hash.update(block as Buffer)
  }
  return hash.digest('hex')
}
