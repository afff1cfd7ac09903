export interface SnapshotNovel {
  readonly id: string
  readonly title: string
  readonly sourceSha256: string
  readonly hasCover: boolean
}

interface SnapshotFiles {
  readonly novels: readonly SnapshotNovel[]
  /** Folders. */
  readonly voices: readonly string[]
  /** Ids of files of imports whose bytes are kept, as they are yet to be read or were refused. */
  readonly imports: readonly string[]
}

/** Copies of database files, for backups of a data folder that has its database in it. */
export interface DatabaseSnapshots {
  /**
   * Copies a database, as of this moment, into a new file, also while a server writes to it. The copy is one file and has
   * passed an integrity check. `onProgress` gets fractions from 0 to 1. Throws `storage.damaged`, and the database's
   * errors about the new file.
   */
  copy(
    file: string,
    target: string,
    options: { readonly folder: string; readonly onProgress?: (share: number) => void },
  ): Promise<void>
  /** What a copy of `nightjar.db` refers to. */
  filesOf(file: string): SnapshotFiles
  /** Whether a database file has this novel, completely imported. */
  hasNovel(file: string, novelId: string): boolean
  /** The first integrity error of a database file; `undefined` if it is intact. */
  damageOf(file: string): string | undefined
}
