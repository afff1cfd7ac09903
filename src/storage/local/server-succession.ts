import { readFile } from 'node:fs/promises'
import type { DataPaths } from './data-paths.ts'
import { writeFileAtomically } from './durable-files.ts'

/**
 * Writes down that `id` is the server of this data folder now, and returns the id of the one before, if there was one. That
 * is dead: the folder is locked by its server until it ends. To be called before the server holds anything under its id.
 */
export async function succeedFormerServer(folder: DataPaths, id: string): Promise<string | undefined> {
  const former = await readFile(folder.serverId, 'utf8').catch(() => '')
  // On a full disk a server starts all the same; what it holds when it is killed then waits until it lapses.
  await writeFileAtomically(folder.temporary, folder.serverId, Buffer.from(id)).catch(() => undefined)
  return /^[0-9a-f]{8}$/.test(former) ? former : undefined
}
