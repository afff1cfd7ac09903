import { join, resolve } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import { inFolder } from './contained-path.ts'
import { makeFolders } from './durable-files.ts'

/** The paths in the data folder. Only this module makes them. */
export interface DataPaths {
  readonly root: string
  readonly nightjarDb: string
  readonly clipsDb: string
  readonly lockDb: string
  /** The user's own list of words and their pronunciations; may be missing. */
  readonly wordList: string
  /** That list as all servers had it when this one last looked, where several share a store. */
  readonly sharedWords: string
  /** Address of the running server, for the command line. */
  readonly serverAddress: string
  /** Id of the last server of this folder, where several share a database. */
  readonly serverId: string
  /** Files that are being written. */
  readonly temporary: string
  readonly sources: string
  readonly covers: string
  /** Installed voices, one folder each. */
  readonly voices: string
  /** Voices that are being installed, one folder each. */
  readonly downloads: string
  /** Transcodes: chapters as MP3 and Opus, which can be remade from the clips. */
  readonly recordings: string
  /** Covers in the sizes in which they are shown; can be remade. */
  readonly thumbnails: string
  /** What sweeps removed, kept for 30 days. */
  readonly trash: string
}

/** The paths of a data folder, whose missing folders are created. Throws `storage.unwritable`. */
export function openDataFolder(path: string): DataPaths {
  const root = resolve(path)
  const folder: DataPaths = {
    root,
    nightjarDb: join(root, 'nightjar.db'),
    clipsDb: join(root, 'clips.db'),
    lockDb: join(root, 'lock.db'),
    wordList: join(root, 'words.tsv'),
    sharedWords: join(root, 'words.shared'),
    serverAddress: join(root, 'server.json'),
    serverId: join(root, 'server-id'),
    temporary: join(root, 'incoming'),
    sources: join(root, 'sources'),
    covers: join(root, 'covers'),
    voices: join(root, 'voices'),
    downloads: join(root, 'downloads'),
    recordings: join(root, 'recordings'),
    thumbnails: join(root, 'small-covers'),
    trash: join(root, 'trash'),
  }
  try {
    const { temporary, sources, covers, voices, downloads, recordings, thumbnails, trash } = folder
    const parts = [temporary, sources, covers, voices, downloads, recordings, thumbnails, trash]
    for (const part of parts) makeFolders(part)
  } catch (cause) {
    throw new Failure('storage.unwritable', { folder: root, detail: (cause as Error).message }, { cause })
  }
  return folder
}

/** `width` in pixels. */
export function thumbnailPath(folder: DataPaths, novelId: string, width: number): string {
  return inFolder(folder.thumbnails, `${novelId}-${width}.jpg`)
}

export function downloadPath(folder: DataPaths, installId: string): string {
  return inFolder(folder.downloads, installId)
}

/** Paths of a voice's files during the download; the publisher's names are not used. */
export function voiceFiles(path: string): {
  readonly model: string
  readonly config: string
  readonly card: string
  /** Folder of the files of a model that has several, until they are one. */
  readonly parts: string
} {
  return {
    parts: join(path, 'parts'),
    model: join(path, 'model.onnx'),
    config: join(path, 'model.onnx.json'),
    card: join(path, 'MODEL_CARD'),
  }
}
