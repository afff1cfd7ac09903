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
  return [
    ...(await sweep(folder.incoming, new Set())),
    ...(await sweep(folder.sources, needed.sources)),
    ...(await sweep(folder.covers, needed.covers)),
  ]
}

/**
 * The same for voices that no row has and for downloads that nobody goes on with: `needed` are install ids. What an
 * unfinished install has fetched stays as long as its id is named.
 */
export async function sweepVoices(
  folder: Folder,
  needed: { readonly voices: ReadonlySet<string>; readonly downloads: ReadonlySet<string> },
): Promise<string[]> {
  return [
    ...(await sweep(folder.voices, needed.voices)),
    ...(await sweep(folder.downloads, needed.downloads)),
  ]
}

/** The same for recordings: `needed` are the keys of those that are whole. */
export function sweepRecordings(folder: Folder, needed: ReadonlySet<string>): Promise<string[]> {
  return sweep(folder.recordings, needed)
}

async function sweep(path: string, keep: ReadonlySet<string>): Promise<string[]> {
  const removed: string[] = []
  for (const name of await readdir(path)) {
    if (keep.has(name)) continue
    await rm(join(path, name), { recursive: true, force: true })
    removed.push(name)
  }
  return removed
}
