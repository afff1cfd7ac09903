import { createHash } from 'node:crypto'
import { readFile, rm, stat } from 'node:fs/promises'
import { renameDurably, syncFolder } from './atomic-file.ts'
import { downloadPath, type DataPaths, voiceFiles, voicePath } from './folder.ts'

/**
 * Moves what an install has brought among the installed voices, all of it at once and durably, and returns its folder
 * there. Doing it again after a kill changes nothing.
 */
export async function placeVoice(folder: DataPaths, installId: string): Promise<string> {
  const [from, to] = [downloadPath(folder, installId), voicePath(folder, installId)]
  const [waits, lies] = [await isThere(from), await isThere(to)]
  if (waits || !lies) await renameDurably(from, to)
  await syncFolder(folder.downloads)
  return to
}

/** Removes what an install has fetched so far. */
export async function discardDownload(folder: DataPaths, installId: string): Promise<void> {
  await rm(downloadPath(folder, installId), { recursive: true, force: true })
}

/** Removes an installed voice's files. */
export async function removeVoice(folder: DataPaths, installId: string): Promise<void> {
  await rm(voicePath(folder, installId), { recursive: true, force: true })
}

/** SHA-256 of an installed voice's configuration, hex. Throws where it cannot be read. */
export async function configChecksum(folder: DataPaths, installId: string): Promise<string> {
  const { config } = voiceFiles(voicePath(folder, installId))
  return createHash('sha256')
    .update(await readFile(config))
    .digest('hex')
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
