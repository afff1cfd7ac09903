/** As UTF-8 of so many bytes at most, cut between two characters. */
export function truncateUtf8(title: string, mostBytes: number): Uint8Array {
  const bytes = Buffer.from(title)
  let end = Math.min(bytes.length, mostBytes)
  // A byte that goes on is 10xxxxxx.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
