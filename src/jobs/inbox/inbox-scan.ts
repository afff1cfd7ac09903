import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bookEnding, booksIn, isLookedInto, type FoundBook, type FoundFile } from './inbox-books.ts'

/** Deeper folders are not looked into: a loop of mounts has no end. */
const deepest = 12
/** Of names in one look. */
const mostNames = 500_000

/**
 * The books in a folder and those below it, folder by folder. Links are not followed, hidden names left out. Throws if the
 * folder itself cannot be read; one below it that cannot is passed over, and `onTrouble` told.
 */
export async function* scanBooks(
  root: string,
  signal: AbortSignal,
  onTrouble: (path: string, error: unknown) => void,
): AsyncGenerator<FoundBook> {
  const open: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }]
  let names = 0
  for (let next = open.pop(); next; next = open.pop()) {
    signal.throwIfAborted()
    const { path: folder, depth } = next
    let entries
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true })
    } catch (error) {
      if (folder === '') throw error
      onTrouble(folder, error)
      continue
    }
    names += entries.length
    if (names > mostNames) throw new Error(`it holds more than ${mostNames.toLocaleString('en')} files`)
    const present = new Set(entries.map(({ name }) => name))
    const files: FoundFile[] = []
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && depth < deepest && isLookedInto(entry.name))
        open.push({ path, depth: depth + 1 })
      else if (entry.isFile() && bookEnding(entry.name, present) !== undefined) {
        const file = await fileAt(root, path)
        if (file) files.push(file)
      }
    }
    yield* booksIn(folder, files, present.has('metadata.opf'))
  }
}

/** `undefined`: it is gone by now, or another kind of thing. */
async function fileAt(root: string, path: string): Promise<FoundFile | undefined> {
  try {
    const found = await lstat(join(root, path))
    return found.isFile() ? { path, size: found.size, mtimeMs: Math.floor(found.mtimeMs) } : undefined
  } catch {
    return undefined
  }
}
