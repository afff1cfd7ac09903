import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../src/storage/sqlite/sqlite-migrator.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { onPostgres } from './program/test-storage.ts'

test('tokens are made, listed and revoked at the data folder, a server running or not, and survive a kill', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const token = (...words: string[]) => Command.run(['token', ...words], data)

  expect(await token('list')).toMatchObject({ code: 0, out: '' })
  const first = await token('create', 'desk')
  expect(first.out).toMatch(/^nj_[\w-]{43}\n$/)

  const server = await ServerProcess.start({ data, speakers: 1 })
  const second = await token('create', 'attic, left')
  expect(second).toMatchObject({ code: 0 })
  await server.kill()
  const listed = (await token('list')).out
  expect(listed.split('\n').map((line) => line.slice(38, -1))).toEqual([
    expect.stringMatching(/^desk \(speak, made \S+ \S+ UTC, never used$/),
    expect.stringMatching(/^attic, left \(speak, made \S+ \S+ UTC, never used$/),
    '',
  ])
  expect(listed).not.toContain('nj_')

  const [id = ''] = listed.split(' ')
  expect(await token('revoke', id)).toMatchObject({ code: 0 })
  expect((await token('list')).out).toMatch(/^\S+ {2}desk .*, revoked /)
  expect(await token('revoke', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no token with the id nothing'),
  })
  expect((await token('create', 'a', 'b')).code).toBe(2)
  expect(await token('create', ' ')).toMatchObject({ code: 1, err: expect.stringContaining('1 to 100') })
})

// The version is that of a file of SQLite.
test.skipIf(onPostgres)('beside a server of another version nothing is touched', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  await using server = await ServerProcess.start({ data, speakers: 1 })
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'), { timeout: 5000 })
  sqlite.exec(`PRAGMA user_version = ${migrations.main.length - 1}`)
  sqlite.close()
  expect(await Command.run(['token', 'create', 'desk'], data)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('An older Nightjar is using'),
  })
  expect((await server.fetch('/api/novels')).status).toBe(200)
})
