import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { databaseContract } from '../../test/contracts/database-contract.ts'
import { openTestStorage } from '../../test/program/open-storage.ts'
import { onPostgres } from '../../test/program/test-storage.ts'

/** SQLite in `npm test`, PostgreSQL in `npm run test:many`. */
const kept = mkdtempSync(join(tmpdir(), 'nightjar-database-'))
databaseContract(onPostgres ? 'PostgreSQL' : 'SQLite', () => openTestStorage(kept))

const folder = new URL('./queries/', import.meta.url)

/** Postgres reads a name without quotes in lower case. */
test('names with capitals are quoted in every statement that is written out', () => {
  const unquoted: string[] = []
  for (const name of readdirSync(folder).filter((file) => !file.endsWith('.test.ts'))) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    for (const [, statement = ''] of text.matchAll(/\bsql(?:<[^`]*>)?`([^`]*)`/g)) {
      const plain = statement
        .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '')
        .replaceAll(/"[^"]*"|'[^']*'/g, '')
      unquoted.push(...(plain.match(/\b[a-z]+[A-Z]\w*/g) ?? []).map((word) => `${name}: ${word}`))
    }
  }
  expect(unquoted).toEqual([])
})
