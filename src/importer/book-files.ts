import type { PackedEntry } from './zip-archive.ts'

/** The files that a book consists of, by their paths. */
export interface BookFiles {
  readonly names: readonly string[]
  has(name: string): boolean
  /**
   * Reads a file; `undefined` if there is none of that name. Throws `novel.hostile` beyond `most` bytes, and what is
   * wrong with the file.
   */
  read(name: string, most?: number): Promise<Uint8Array | undefined>
  /** Where the file's bytes lie in the source; `undefined` if they do not lie there as they are. */
  packed(name: string): Promise<PackedEntry | undefined>
  /** The first bytes of a file, `most` at most; none if there is no file of that name. */
  head(name: string, most: number): Promise<Uint8Array>
}

/** Documents that were made from a book's own, before the files of its archive if it is one. */
export function composedFiles(
  documents: ReadonlyMap<string, string | Uint8Array>,
  archive?: BookFiles,
): BookFiles {
  const made = (name: string): Uint8Array | undefined => {
    const document = documents.get(name)
    return typeof document === 'string' ? new TextEncoder().encode(document) : document
  }
  return {
    names: [...documents.keys(), ...(archive?.names ?? [])],
    has: (name) => documents.has(name) || (archive?.has(name) ?? false),
    read: async (name, most) => made(name) ?? archive?.read(name, most),
    packed: async (name) => (documents.has(name) ? undefined : archive?.packed(name)),
    head: async (name, most) =>
      made(name)?.subarray(0, most) ?? (await archive?.head(name, most)) ?? new Uint8Array(),
  }
}
