import type { DatabaseSync } from 'node:sqlite'
import { textHash } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Pause } from '../../novel/segment.ts'
import { schemaVersions } from '../migrations/schema-steps.ts'
import { hashToBytes } from '../queries/column-values.ts'
import {
  nightjar1,
  nightjar2,
  nightjar3,
  nightjar4,
  nightjar5,
} from './migrations/nightjar-migrations-1-to-5.ts'
import { nightjar12 } from './migrations/nightjar-migrations-12.ts'
import {
  nightjar10,
  nightjar11,
  nightjar6,
  nightjar7,
  nightjar8,
  nightjar9,
} from './migrations/nightjar-migrations-6-to-11.ts'
import { nightjar13 } from './migrations/nightjar-migrations-13.ts'
import { sqliteWords } from './sqlite-schema-words.ts'

/** `clips.db`: the audio. Its indexes cover all that progress and timelines read, so these never touch the blobs. */
const clips1 = `
CREATE TABLE clips.clips (
  id INTEGER PRIMARY KEY,
  recipe BLOB NOT NULL,
  words BLOB NOT NULL,
  frames INTEGER NOT NULL,
  frameSizes BLOB NOT NULL,
  wordTimes BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  adts BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX clips.clipsByKey ON clips (recipe, words);
CREATE INDEX clips.clipLengths ON clips (recipe, words, frames);
`

/** Later ones are written once for both databases. */
const lastOfSqliteAlone = 13

/** In order, never edited after a release; `user_version` is the number applied to a file. */
export const migrations = {
  main: [
    nightjar1,
    nightjar2,
    nightjar3,
    nightjar4,
    nightjar5,
    nightjar6,
    nightjar7,
    nightjar8,
    nightjar9,
    nightjar10,
    nightjar11,
    nightjar12,
    nightjar13,
    ...schemaVersions
      .filter(({ version }) => version > lastOfSqliteAlone)
      .map(({ step }) => step(sqliteWords).join(';\n')),
  ],
  clips: [clips1],
} as const

/**
 * Applies the missing migrations to both files, each in one transaction with its version number; those of a new file in
 * one together, since each waits for the disk. Foreign keys are off meanwhile, so that dropping a table that is replaced does not cascade to the tables that refer to it
 * (https://www.sqlite.org/lang_altertable.html, the twelve steps). Throws `storage.newer` if a file has more migrations
 * than this program.
 */
export function migrate(sqlite: DatabaseSync, folder: string): void {
  const { foreign_keys: enforced } = sqlite.prepare('PRAGMA foreign_keys').get() ?? {}
  sqlite.exec('PRAGMA foreign_keys = OFF')
  sqlite.function('openingWords', { deterministic: true }, (spoken, pause) =>
    hashToBytes(textHash(String(spoken), pause as Pause, true)),
  )
  try {
    migrateSchemas(sqlite, folder)
  } finally {
    sqlite.exec(`PRAGMA foreign_keys = ${Number(enforced)}`)
  }
}

function migrateSchemas(sqlite: DatabaseSync, folder: string): void {
  for (const schema of ['main', 'clips'] as const) {
    const steps = migrations[schema]
    const found = schemaVersion(sqlite, schema)
    if (found > steps.length) throw new Failure('storage.newer', { folder, found, known: steps.length })
    const missing = found === 0 ? [steps.join(';\n')] : steps.slice(found)
    for (const [index, step] of missing.entries()) {
      const version = steps.length - missing.length + index + 1
      sqlite.exec(`BEGIN IMMEDIATE; ${step}`)
      const [broken] = sqlite.prepare(`PRAGMA ${schema}.foreign_key_check`).all()
      if (broken)
        throw new Error(`migration ${version} left a dangling foreign key: ${JSON.stringify(broken)}`)
      sqlite.exec(`PRAGMA ${schema}.user_version = ${version}; COMMIT`)
    }
  }
}

/** How many migrations a file has; 0: it is new. */
export function schemaVersion(sqlite: DatabaseSync, schema: keyof typeof migrations): number {
  return Number(sqlite.prepare(`PRAGMA ${schema}.user_version`).get()?.['user_version'])
}

/** Throws `storage.newer` or `storage.older` if a file is not of this version. */
export function refuseOtherSchema(
  sqlite: DatabaseSync,
  schema: keyof typeof migrations,
  folder: string,
): void {
  const [found, known] = [schemaVersion(sqlite, schema), migrations[schema].length]
  if (found > known) throw new Failure('storage.newer', { folder, found, known })
  if (found < known) throw new Failure('storage.older', { folder })
}
