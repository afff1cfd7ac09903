/**
 * Whether an If-None-Match header names this tag (RFC 9110, 13.1.2): one, a list, or `*`. A proxy that packs what it
 * passes on makes tags weak, and for this header that is no difference.
 */
export function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const tags: readonly string[] = header.match(/"[^"]*"/g) ?? []
  return tags.includes(etag)
}
