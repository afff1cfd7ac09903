import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Folder } from './folder.ts'

/**
 * Removes what crashes have left: everything in `incoming`, and sources and covers that no novel has. Returns the
 * names of what went. Run at start, before anything new comes in.
 */
export async function sweepFiles(
  folder: Folder,
  needed: { readonly sources: ReadonlySet<string>; readonly covers: ReadonlySet<string> },
): Promise<string[]> {
  const removed: string[] = []
  const sweep = async (path: string, keep: ReadonlySet<string>) => {
    for (const name of await readdir(path)) {
      if (keep.has(name)) continue
      await rm(join(path, name), { recursive: true, force: true })
      removed.push(name)
    }
  }
  await sweep(folder.incoming, new Set())
  await sweep(folder.sources, needed.sources)
  await sweep(folder.covers, needed.covers)
  return removed
}
