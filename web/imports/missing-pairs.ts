import type { ImportFileView } from '../../src/http/contract/import-batch-contract.ts'

/** A file of an import that has not come, and the bytes that are sent for it. */
export interface Pair {
  readonly id: string
  readonly file: File
}

/** With the folders above it, if it came with its folder. */
export function pathOf({ webkitRelativePath, name }: File): string {
  return webkitRelativePath === '' ? name : webkitRelativePath
}

/**
 * Finds the files that are missing among those that were chosen again: by the whole path, and then by the name alone, as whoever
 * chooses single files of a folder has no path. Each is taken once; `rest`: what is none of them.
 */
export function pairChosen(
  missing: readonly Pick<ImportFileView, 'id' | 'name' | 'bytes'>[],
  chosen: readonly File[],
): { readonly pairs: readonly Pair[]; readonly rest: readonly File[] } {
  const left = new Set(chosen)
  const found = new Map<string, File>()
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  for (const isSame of [
    (path: string, file: File) => path === pathOf(file),
    (path: string, file: File) => nameOf(path) === file.name,
  ])
    for (const { id, name, bytes } of missing) {
      const file = [...left].find((each) => each.size === bytes && isSame(name, each))
      if (!file || found.has(id)) continue
      found.set(id, file)
      left.delete(file)
    }
  return { pairs: [...found].map(([id, file]) => ({ id, file })), rest: [...left] }
}
