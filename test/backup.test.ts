import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openDataFolder } from '../src/storage/local/data-paths.ts'
import { finishSwap, stagePath } from '../src/storage/local/restore-swap.ts'
import { speakNovel } from './damage/damage-run.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { contentOf } from './program/backup-files.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// `nightjar backup` and `nightjar restore`: whole or absent, while a server works and without one.

const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const spoken = await speakNovel(join(folder.path, 'data'))
const sound = { voice: 'odd:hum' }

async function heard(api: Api, chapter: number): Promise<Buffer> {
  const path = `/api/novels/${spoken.novelId}/chapters/${chapter}/audio.m4a?voice=odd:hum`
  return Buffer.from(await (await api.fetch(path)).bytes())
}

const serve = (data: string) => ServerProcess.start({ data, speakers: 1, program: [program] })

test('a backup made while a server writes is whole, and is restored with the clips', async () => {
  await using here = await temporaryFolder()
  const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(here.path, name)) as [
    string,
    string,
    string,
  ]
  cpSync(spoken.data, data, { recursive: true })
  // One that somebody keeps to themselves is backed up like any other.
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'))
  sqlite.exec("UPDATE novels SET keeper = 'ada', sourceSha256 = sourceSha256 || '@ada'")
  sqlite.close()
  await using server = await serve(data)
  const { novel } = await server.add(longStory(3, 800), 'long.txt')
  const progressId = await server.generate(novel.id, undefined, sound)
  await server.until(progressId, ({ segmentsDone }) => segmentsDone > 5)
  const { code, out, err } = await Command.run(['backup', backup, '--clips'], data)
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^2 books, [\d.]+ MB, are in \S+\n$/) })
  expect(err).not.toMatch(/missing|damaged|not the one/)
  // It was made in the middle of the work.
  expect((await server.progress(progressId)).status).toBe('running')
  await server.kill()
  expect(readdirSync(contentOf(backup)).toSorted()).toEqual(['clips.db', 'nightjar.db', 'sources'])

  expect((await Command.run(['restore', backup], makeFolder(restored))).code).toBe(0)
  expect(readdirSync(restored).filter((name) => name.startsWith('set-aside'))).toEqual([])
  await using again = await serve(restored)
  for (const [at, bytes] of spoken.chapters.entries())
    expect((await heard(again, at + 1)).equals(bytes)).toBe(true)
  // What was asked for goes on by itself.
  expect((await again.progress(progressId)).segmentsDone).toBeGreaterThan(5)
})

test('a later backup takes the place of an earlier one; a folder of something else is refused', async () => {
  await using here = await temporaryFolder()
  const backup = join(here.path, 'backup')
  const run = (...args: string[]) => Command.run(args, spoken.data)
  expect((await run('backup', backup)).code).toBe(0)
  const first = readFileSync(join(backup, 'backup.json'), 'utf8')
  expect((await run('backup', backup)).code).toBe(0)
  expect(readFileSync(join(backup, 'backup.json'), 'utf8')).not.toBe(first)
  expect(readdirSync(here.path)).toEqual(['backup'])

  const other = join(here.path, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'letters.txt'), 'Dear Anna')
  for (const [args, said] of [
    [['backup', other], /^\S+ is not empty and holds no backup of Nightjar\. Choose another folder.*\n$/],
    [['backup', join(spoken.data, 'backup')], /^A backup in the data folder itself .*\n$/],
    [['restore', other], /^There is no backup of Nightjar in \S+\. Name .*\n$/],
    [
      ['restore', backup],
      /^\S+ is not empty: there is nightjar\.db\. Set NIGHTJAR_DATA .* --set-aside .*\n$/,
    ],
  ] as const) {
    const { code, err } = await run(...args)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(said) })
  }
  expect(readdirSync(other)).toEqual(['letters.txt'])
})

test('a backup in which something has changed is refused, and nothing is touched', async () => {
  await using here = await temporaryFolder()
  const [backup, data] = [join(here.path, 'backup'), join(here.path, 'data')]
  await Command.run(['backup', backup], spoken.data)
  appendFileSync(join(contentOf(backup), 'sources', spoken.novelId), 'One more line.')
  const { code, err } = await Command.run(['restore', backup], makeFolder(data))
  expect(code).toBe(1)
  expect(err).toContain(
    `The backup in ${backup} is damaged: sources/${spoken.novelId} is not what was backed up.`,
  )
  expect(existsSync(join(data, 'nightjar.db'))).toBe(false)
})

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

test("the reader's own words, and files that are to be imported, are backed up and restored", async () => {
  await using here = await temporaryFolder()
  const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(here.path, name)) as [
    string,
    string,
    string,
  ]
  cpSync(spoken.data, data, { recursive: true })
  writeFileSync(join(data, 'words.tsv'), 'Anna\tˈænə\n')
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'))
  // The last was read while the backup was made.
  for (const [id, state] of [
    ['one', 'waiting'],
    ['two', 'refused'],
    ['done', 'added'],
    ['read', 'reading'],
  ] as const)
    sqlite
      .prepare(
        `INSERT INTO importFiles (id, batch, name, bytes, state, createdAt, changedAt) VALUES (?, 'all', ?, 1, ?, '', '')`,
      )
      .run(id, id, state)
  sqlite.close()
  makeFolder(join(data, 'imports'))
  for (const id of ['one', 'two']) writeFileSync(join(data, 'imports', id), id)
  expect((await Command.run(['backup', backup], data)).code).toBe(0)
  expect((await Command.run(['restore', backup], makeFolder(restored))).code).toBe(0)
  expect(readFileSync(join(restored, 'words.tsv'), 'utf8')).toBe('Anna\tˈænə\n')
  expect(readdirSync(join(restored, 'imports')).toSorted()).toEqual(['one', 'two'])
  expect(readFileSync(join(restored, 'imports', 'one'), 'utf8')).toBe('one')
  // They are somebody's work, so they are put aside only when that is wanted.
  const other = makeFolder(join(here.path, 'other'))
  writeFileSync(join(other, 'words.tsv'), 'Bella\tˈbɛlə\n')
  expect((await Command.run(['restore', backup], other)).err).toMatch(/there is words\.tsv/)
  expect((await Command.run(['restore', backup, '--set-aside'], other)).code).toBe(0)
  expect(readFileSync(join(other, 'words.tsv'), 'utf8')).toBe('Anna\tˈænə\n')
  const [aside] = readdirSync(other).filter((name) => name.startsWith('set-aside-'))
  expect(readFileSync(join(other, aside!, 'words.tsv'), 'utf8')).toBe('Bella\tˈbɛlə\n')
})

test('an older backup put back sets aside what was there and keeps every clip', async () => {
  await using here = await temporaryFolder()
  const [data, backup] = [join(here.path, 'data'), join(here.path, 'backup')]
  cpSync(spoken.data, data, { recursive: true })
  await Command.run(['backup', backup], data)
  let later: { id: string; bytes: Buffer }
  {
    await using server = await serve(data)
    const { novel } = await server.add(longStory(1, 7), 'later.txt')
    await server.finished(await server.generate(novel.id, undefined, sound))
    const path = `/api/novels/${novel.id}/chapters/1/audio.m4a?voice=odd:hum`
    later = { id: novel.id, bytes: Buffer.from(await (await server.fetch(path)).bytes()) }
    await server.stop()
  }
  const { code, out } = await Command.run(['restore', backup, '--set-aside'], data)
  expect(code).toBe(0)
  const [aside] = readdirSync(data).filter((name) => name.startsWith('set-aside-'))
  expect(out).toContain(join(data, aside!))
  expect(readdirSync(join(data, aside!, 'sources'))).toContain(later.id)
  await using server = await serve(data)
  expect((await heard(server, 1)).equals(spoken.chapters[0]!)).toBe(true)
  // The later book is brought again, and its clips were never swept.
  const { novel } = await server.add(longStory(1, 7), 'later.txt')
  await server.finished(await server.generate(novel.id, undefined, sound))
  expect(server.handedOut).toEqual([])
})

test('a restore that is killed between two steps is ended by the next start', async () => {
  await using here = await temporaryFolder()
  const [data, backup] = [join(here.path, 'data'), join(here.path, 'backup')]
  await Command.run(['backup', backup], spoken.data)
  cpSync(spoken.data, data, { recursive: true })
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'))
  sqlite.exec("UPDATE novels SET title = 'The present one'")
  sqlite.close()
  // Everything is staged and the plan is written; then it is killed after each rename.
  const steps = ['plan', 'sources aside', 'sources in place'] as const
  for (const [at] of steps.entries()) {
    const now = join(here.path, `data-${at}`)
    cpSync(data, now, { recursive: true })
    const open = openDataFolder(now)
    cpSync(contentOf(backup), stagePath(open), { recursive: true })
    for (const part of ['covers', 'voices']) mkdirSync(join(stagePath(open), part), { recursive: true })
    writeFileSync(join(now, 'restore.json'), JSON.stringify({ aside: 'set-aside-1' }))
    if (at > 0) {
      mkdirSync(join(now, 'set-aside-1'))
      cpSync(open.sources, join(now, 'set-aside-1', 'sources'), { recursive: true })
      rmSync(open.sources, { recursive: true })
    }
    if (at > 1) {
      cpSync(join(stagePath(open), 'sources'), open.sources, { recursive: true })
      rmSync(join(stagePath(open), 'sources'), { recursive: true })
    }
    expect(await finishSwap(openDataFolder(now))).toBe(true)
    expect(await finishSwap(openDataFolder(now))).toBe(false)
    await using server = await serve(now)
    const { novels } = await server.json<{ novels: { title: string }[] }>('/api/novels')
    expect(novels.map(({ title }) => title)).not.toContain('The present one')
    expect((await heard(server, 2)).equals(spoken.chapters[1]!)).toBe(true)
    await server.stop()
  }
})
