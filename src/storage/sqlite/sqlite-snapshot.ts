import { backup, DatabaseSync } from 'node:sqlite'
import { Failure } from '../../novel/failure.ts'
import { isDamage } from '../storage-errors.ts'
import { integrityError } from './integrity-check.ts'

/** Pages copied between two reports of progress. */
const pagesPerStep = 4096

export interface SnapshotNovel {
  readonly id: string
  readonly title: string
  readonly sourceSha256: string
  readonly hasCover: boolean
}

/**
 * Copies a database, as of this moment and including its WAL, into a new file, also while a server writes to it. The
 * copy is one file without a WAL and has passed an integrity check. `onProgress` gets fractions from 0 to 1. Throws
 * `storage.damaged`, and SQLite's errors about the new file.
 */
export async function snapshot(
  file: string,
  target: string,
  { folder, onProgress }: { readonly folder: string; readonly onProgress?: (share: number) => void },
): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    // This read transaction fixes the snapshot; without it each commit of the server would restart the copy.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(source, target, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => onProgress?.(1 - remainingPages / totalPages),
    })
    validateCopy(target)
  } catch (error) {
    if (!(error instanceof DamagedCopy) && !isDamage(error)) throw error
    throw new Failure('storage.damaged', { folder, detail: (error as Error).message }, { cause: error })
  } finally {
    source.close()
  }
}

class DamagedCopy extends Error {}

function validateCopy(target: string): void {
  const copy = new DatabaseSync(target)
  try {
    copy.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000')
    const error = integrityError(copy)
    if (error !== undefined) throw new DamagedCopy(error)
    // By the time of a restore, segments may have these texts again: their clips must not be swept.
    const released = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'releasedTexts'").get()
    if (released) copy.exec('DELETE FROM releasedTexts')
  } finally {
    copy.close()
  }
}

/** What a copy of `nightjar.db` refers to: its novels, for their files, and the folders of its voices. */
export function filesOfSnapshot(file: string): {
  readonly novels: readonly SnapshotNovel[]
  readonly voices: readonly string[]
} {
  const copy = new DatabaseSync(file, { readOnly: true })
  try {
    const novels = copy
      .prepare('SELECT id, title, sourceSha256, coverType FROM novels WHERE complete = 1')
      .all()
    const voices = copy.prepare('SELECT folder FROM voices').all()
    return {
      novels: novels.map((row) => ({
        id: String(row['id']),
        title: String(row['title']),
        sourceSha256: String(row['sourceSha256']),
        hasCover: row['coverType'] !== null,
      })),
      voices: voices.map((row) => String(row['folder'])),
    }
  } finally {
    copy.close()
  }
}

/** Whether a database file has this novel, completely imported. */
export function novelExists(file: string, novelId: string): boolean {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return sqlite.prepare('SELECT 1 FROM novels WHERE id = ? AND complete = 1').get(novelId) !== undefined
  } finally {
    sqlite.close()
  }
}
