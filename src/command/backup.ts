import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { backUp } from '../generation/back-up.ts'
import { inMegabytes } from '../library/disk.ts'
import { openDataFolder } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'
import type { CliContext } from './client.ts'
import { ProgressLine } from './progress-bar.ts'

/**
 * Copies the data folder into another one, whether a server works on it or not. Returns 1 if something could not be
 * copied whole.
 */
export async function backup(
  { settings, version }: CliContext & { readonly version: string },
  path: string,
  options: { readonly clips: boolean },
): Promise<number> {
  const root = resolve(settings.NIGHTJAR_DATA)
  if (!existsSync(join(root, 'nightjar.db'))) throw new Failure('backup.nothing', { folder: root })
  const folder = openDataFolder(root)
  const line = new ProgressLine()
  let result
  try {
    result = await backUp(folder, path, {
      ...options,
      version,
      onProgress: (what, share) => line.draw(share, [what]),
    })
  } finally {
    line.end()
  }
  for (const complaint of result.complaints) console.error(complaint)
  const books = result.novels === 1 ? '1 book' : `${result.novels} books`
  console.log(`${books}, ${inMegabytes(result.bytes)}, are in ${result.folder}`)
  return result.complaints.length > 0 ? 1 : 0
}
