/** How many colours of book cloth `cover.css` knows. */
const cloths = 6

/** The same book is always bound in the same cloth (FNV-1a over its name). */
export function clothOf(name: string): number {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 8) % cloths
}
