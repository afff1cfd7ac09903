import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Checksum } from '../novel/voice-catalogue.ts'

const blockBytes = 256 * 1024

/**
 * Of a whole file. It is read block by block into the same memory, and a block holds the event loop for less than a
 * millisecond.
 */
export async function fileChecksum(
  path: string,
  algorithm: Checksum['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm)
  const block = new Uint8Array(blockBytes)
  await using file = await open(path)
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(block, 0, blockBytes)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(block.subarray(0, bytesRead))
  }
}
