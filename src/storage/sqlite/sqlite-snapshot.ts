import { backup, DatabaseSync } from 'node:sqlite'
import { Failure } from '../../novel/failure.ts'
import { sharesModel, voiceFamilies } from '../../novel/installed-voice.ts'
import type { DatabaseSnapshots } from '../database-snapshots.ts'
import { statesWithFiles } from '../novel-state.ts'
import { isDamage } from '../storage-errors.ts'
import { fileIntegrityError, integrityError } from './integrity-check.ts'

/** Pages copied between two reports of progress. */
const pagesPerStep = 4096

/** Includes the WAL, which the copy is without. */
async function copy(
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

const filesOf: DatabaseSnapshots['filesOf'] = (file) => {
  const copy = new DatabaseSync(file, { readOnly: true })
  try {
    const novels = copy
      .prepare(
        `SELECT id, title, sourceSha256, coverType FROM novels WHERE complete IN (${statesWithFiles.join()})`,
      )
      .all()
    // Voices of some families share their model, in a folder named by its checksum.
    const shared = voiceFamilies.filter(sharesModel).map((family) => `'${family}'`)
    const voices = copy
      .prepare(
        `SELECT folder FROM voices UNION SELECT checksum FROM voices WHERE family IN (${shared.join()})`,
      )
      .all()
    // One that an older version has written has none.
    const hasImports = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'importFiles'").get()
    const imports = hasImports
      ? copy
          .prepare("SELECT id FROM importFiles WHERE state IN ('waiting', 'reading', 'refused') ORDER BY id")
          .all()
      : []
    return {
      novels: novels.map((row) => ({
        id: String(row['id']),
        title: String(row['title']),
        sourceSha256: String(row['sourceSha256']),
        hasCover: row['coverType'] !== null,
      })),
      voices: voices.map((row) => String(row['folder'])),
      imports: imports.map((row) => String(row['id'])),
    }
  } finally {
    copy.close()
  }
}

function hasNovel(file: string, novelId: string): boolean {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return (
      sqlite
        .prepare(`SELECT 1 FROM novels WHERE id = ? AND complete IN (${statesWithFiles.join()})`)
        .get(novelId) !== undefined
    )
  } finally {
    sqlite.close()
  }
}

export const sqliteSnapshots: DatabaseSnapshots = { copy, filesOf, hasNovel, damageOf: fileIntegrityError }
