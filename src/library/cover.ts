import { readFile } from 'node:fs/promises'
import { coverPath, type DataPaths } from './folder.ts'

/** A novel's cover; `undefined` if its file is gone. */
export async function readCover(folder: DataPaths, novelId: string): Promise<Uint8Array | undefined> {
  return readFile(coverPath(folder, novelId)).catch(() => undefined)
}
