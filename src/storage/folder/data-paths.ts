import { join, resolve } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import { inFolder } from './contained-path.ts'
import { makeFolders } from './durable-files.ts'

/** Where everything lies below the data folder. The only place that makes paths. */
export interface DataPaths {
  readonly root: string
  readonly nightjarDb: string
  readonly clipsDb: string
  readonly lockDb: string
  /** The reader's own words and how they are said; need not be there. */
  readonly wordList: string
  /** How a running server can be reached, for the command line. */
  readonly serverAddress: string
  readonly temporary: string
  readonly sources: string
  readonly covers: string
  /** Installed voices, a folder each. */
  readonly voices: string
  /** Voices that are being installed, a folder each. */
  readonly downloads: string
  /** Chapters as MP3 and Opus, which can be made again from the clips. */
  readonly recordings: string
  /** Covers in the sizes in which they are shown; can be made again. */
  readonly thumbnails: string
  /** What sweeps took away, for 30 days. */
  readonly trash: string
}

/** Creates what is missing. Throws `storage.unwritable`. */
export function openDataFolder(path: string): DataPaths {
  const root = resolve(path)
  const folder: DataPaths = {
    root,
    nightjarDb: join(root, 'nightjar.db'),
    clipsDb: join(root, 'clips.db'),
    lockDb: join(root, 'lock.db'),
    wordList: join(root, 'words.tsv'),
    serverAddress: join(root, 'server.json'),
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

/** Named by the novel, not by its bytes: the same file may be brought again while its novel is being deleted. */
export function sourcePath(folder: DataPaths, novelId: string): string {
  return inFolder(folder.sources, novelId)
}

/** What is known of a source beside its bytes, so that its novel can be taken up again without a database. */
export function sourceCardPath(folder: DataPaths, novelId: string): string {
  return inFolder(folder.sources, sourceCardName(novelId))
}

export function sourceCardName(novelId: string): string {
  return `${novelId}.json`
}

export function coverPath(folder: DataPaths, novelId: string): string {
  return inFolder(folder.covers, novelId)
}

/** Of so many pixels in width. */
export function thumbnailPath(folder: DataPaths, novelId: string, width: number): string {
  return inFolder(folder.thumbnails, `${novelId}-${width}.jpg`)
}

/** Named by the hash of all that shapes it. */
export function transcodePath(folder: DataPaths, key: string): string {
  return inFolder(folder.recordings, key)
}

/** Named by the install that brought it: two voices may share a model and differ in their configuration. */
export function voicePath(folder: DataPaths, installId: string): string {
  return inFolder(folder.voices, installId)
}

export function downloadPath(folder: DataPaths, installId: string): string {
  return inFolder(folder.downloads, installId)
}

/** Where the files of a voice lie in its folder, while it is fetched and afterwards; not named as their publisher did. */
export function voiceFiles(path: string): {
  readonly model: string
  readonly config: string
  readonly card: string
} {
  return {
    model: join(path, 'model.onnx'),
    config: join(path, 'model.onnx.json'),
    card: join(path, 'MODEL_CARD'),
  }
}
