import { readFile } from 'node:fs/promises'
import { coverPath, type Folder } from './folder.ts'

/** A novel's cover; `undefined` if its file is gone. */
export async function readCover(folder: Folder, novelId: string): Promise<Uint8Array | undefined> {
  return readFile(coverPath(folder, novelId)).catch(() => undefined)
}
