import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// One folder belongs to one program at a time, and to no older one.

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Starts a server that is expected to refuse. */
function refusal(settings: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, NIGHTJAR_SPEAKERS: '1', NIGHTJAR_LOG: 'error', PORT: '0', ...settings }
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'serve'], { env }, (error, _, stderr) => {
      resolve({ code: error?.code ?? 0, said: stderr.trim() })
    })
  })
}

test('a second server on the same folder, or on the same port, is told so and ends', async () => {
  await using folder = await temporaryFolder()
  await using other = await temporaryFolder()
  await using server = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const inUse = await refusal({ NIGHTJAR_DATA: folder.path })
  expect(inUse.code).toBe(1)
  expect(inUse.said).toBe(
    `Another Nightjar is already using ${folder.path}. Stop it first, or set NIGHTJAR_DATA to another folder.`,
  )
  const { port } = new URL(server.address)
  const taken = await refusal({ NIGHTJAR_DATA: other.path, PORT: port })
  expect(taken.code).toBe(1)
  expect(taken.said).toBe(
    `Port ${port} is already in use. Stop the other program, or set PORT to another number.`,
  )
  expect((await server.fetch('/api/health')).status).toBe(200)
})

test('a folder that a newer Nightjar has written is left alone', async () => {
  await using folder = await temporaryFolder()
  const sqlite = new DatabaseSync(join(folder.path, 'nightjar.db'))
  sqlite.exec('PRAGMA user_version = 999')
  sqlite.close()
  const { code, said } = await refusal({ NIGHTJAR_DATA: folder.path })
  expect(code).toBe(1)
  expect(said).toMatch(/^\S+ was written by a newer Nightjar .*999.* Update Nightjar\.$/)
})

test('a folder that cannot be written to, and a setting that is none, are told in one sentence', async () => {
  await using folder = await temporaryFolder()
  const below = join(folder.path, 'file')
  new DatabaseSync(below).exec('PRAGMA user_version = 1')
  const unwritable = await refusal({ NIGHTJAR_DATA: join(below, 'data') })
  expect(unwritable.code).toBe(1)
  expect(unwritable.said).toMatch(/^Nightjar cannot write to \S+: .*NIGHTJAR_DATA\.$/)
  const invalid = await refusal({ NIGHTJAR_DATA: folder.path, NIGHTJAR_SPEAKERS: 'many' })
  expect(invalid.code).toBe(1)
  expect(invalid.said).toMatch(/^A setting is not right: NIGHTJAR_SPEAKERS.*\.$/)
})

test('killed in the middle of an import, nothing half is ever shown', async () => {
  await using folder = await temporaryFolder()
  const book = longStory(300, 40)
  for (const sqliteKnows of [false, true]) {
    const server = await ServerProcess.start({ data: folder.path, speakers: 1 })
    const upload = server.upload(book, 'long.txt').catch(() => undefined)
    await waitUntil(async () => (await readdir(join(folder.path, 'incoming'))).length > 0)
    // The second time some of its chapters are written already.
    if (sqliteKnows) await waitUntil(() => rowsOf(folder.path, 'chapters') > 0)
    await server.kill()
    await upload
    await using next = await ServerProcess.start({ data: folder.path, speakers: 1 })
    expect((await next.json<{ novels: Novel[] }>('/api/novels')).novels).toEqual([])
    for (const part of ['incoming', 'sources', 'covers']) {
      expect(await readdir(join(folder.path, part))).toEqual([])
    }
    // What is hidden at once is deleted beside the first answers.
    await waitUntil(() => rowsOf(folder.path, 'chapters') === 0)
  }
  await using last = await ServerProcess.start({ data: folder.path, speakers: 1 })
  expect((await last.add(book, 'long.txt')).chapters).toHaveLength(300)
})

function rowsOf(data: string, table: string): number {
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'), { readOnly: true })
  try {
    return Number(sqlite.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'])
  } finally {
    sqlite.close()
  }
}
