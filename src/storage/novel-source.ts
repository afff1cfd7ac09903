/**
 * What `novels.sourceSha256` holds, by which a file is known: its SHA-256 in hexadecimal, and of a novel that somebody keeps to
 * themselves `@` and their listener's id behind it. So each may have the same file, and nobody learns that another has it.
 */
export function sourceOf(sha256: string, keeper: string | null | undefined): string {
  return keeper === null || keeper === undefined ? sha256 : `${sha256}@${keeper}`
}

/** The checksum in it. */
export function checksumIn(source: string): string {
  return source.split('@', 1)[0] ?? source
}
