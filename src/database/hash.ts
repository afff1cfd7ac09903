/** Hashes are hex in the program and 16 bytes in the database. */
export function hashToBytes(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex')
}

export function bytesToHash(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}
