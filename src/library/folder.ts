import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure } from '../novel/failure.ts'

/** Where everything lies below the data folder. The only place that makes paths. */
export interface Folder {
  readonly root: string
  readonly nightjarDb: string
  readonly clipsDb: string
  readonly lockDb: string
  /** How a running server can be reached, for the command line. */
  readonly address: string
  readonly incoming: string
  readonly sources: string
  readonly covers: string
}

/** Creates what is missing. Throws `storage.unwritable`. */
export function openFolder(path: string): Folder {
  const root = resolve(path)
  const folder: Folder = {
    root,
    nightjarDb: join(root, 'nightjar.db'),
    clipsDb: join(root, 'clips.db'),
    lockDb: join(root, 'lock.db'),
    address: join(root, 'server.json'),
    incoming: join(root, 'incoming'),
    sources: join(root, 'sources'),
    covers: join(root, 'covers'),
  }
  try {
    for (const part of [folder.incoming, folder.sources, folder.covers]) {
      mkdirSync(part, { recursive: true })
    }
  } catch (cause) {
    throw new Failure('storage.unwritable', { folder: root, detail: (cause as Error).message }, { cause })
  }
  return folder
}

/** Named by the novel, not by its bytes: the same file may be brought again while its novel is being deleted. */
export function sourcePath(folder: Folder, novelId: string): string {
  return join(folder.sources, novelId)
}

export function coverPath(folder: Folder, novelId: string): string {
  return join(folder.covers, novelId)
}
