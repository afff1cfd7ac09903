import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { backUp } from '../generation/back-up.ts'
import { inMegabytes } from '../library/disk.ts'
import { openFolder } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'
import type { CommandLine } from './client.ts'
import { ProgressLine } from './progress-bar.ts'

/**
 * Copies the data folder into another one, whether a server works on it or not. Returns 1 if something could not be
 * copied whole.
 */
export async function backup(
  { settings, version }: CommandLine & { readonly version: string },
  path: string,
  options: { readonly clips: boolean },
): Promise<number> {
  const root = resolve(settings.NIGHTJAR_DATA)
  if (!existsSync(join(root, 'nightjar.db'))) throw new Failure('backup.nothing', { folder: root })
  const folder = openFolder(root)
  const line = new ProgressLine()
  let made
  try {
    made = await backUp(folder, path, {
      ...options,
      version,
      onProgress: (what, share) => line.draw(share, [what]),
    })
  } finally {
    line.end()
  }
  for (const complaint of made.complaints) console.error(complaint)
  const books = made.novels === 1 ? '1 book' : `${made.novels} books`
  console.log(`${books}, ${inMegabytes(made.bytes)}, are in ${made.folder}`)
  return made.complaints.length > 0 ? 1 : 0
}
