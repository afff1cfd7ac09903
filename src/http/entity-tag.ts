import { createHash } from 'node:crypto'

/** The tag of a text, or of the bytes of one. */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`
}

/**
 * Whether an If-None-Match header names this tag (RFC 9110, 13.1.2): one, a list, or `*`. A proxy that packs what it
 * passes on makes tags weak, and for this header that is no difference; so is the form in which it was packed here.
 */
export function matchesIfNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return tagsIn(header).includes(uncompressedTag(etag))
}

/** The same for `If-Match`, which compares strictly: what is no tag at all, or a weak one, is never matched. */
export function matchesIfMatch(header: string, etag: unknown): boolean {
  if (header.trim() === '*') return true
  if (typeof etag !== 'string' || etag.startsWith('W/')) return false
  return tagsIn(header.replaceAll(/W\/"[^"]*"/g, '')).includes(uncompressedTag(etag))
}

/** A packed answer is another representation and has another tag. */
export function compressedTag(etag: string, encoding: string): string {
  return etag.replace(/"$/, `${compressedSuffix}${encoding}"`)
}

const compressedSuffix = '-as-'

function uncompressedTag(etag: string): string {
  return etag.replace(/^W\//, '').replace(/-as-\w+"$/, '"')
}

function tagsIn(header: string): readonly string[] {
  return (header.match(/"[^"]*"/g) ?? []).map(uncompressedTag)
}
