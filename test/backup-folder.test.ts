import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { speakNovel } from './damage/damage-run.ts'
import { contentOf, expectWhole, manifestOf } from './program/backup-files.ts'
import { Command } from './program/cli-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// The folder of `nightjar backup`: what lies in it at any moment, and what is left alone beside it.

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const spoken = await speakNovel(join(folder.path, 'data'))

const endedBy = (command: Command): Promise<boolean> =>
  Promise.race([command.ended.then(() => true), wait(1).then(() => false)])

test('a backup that is killed leaves the earlier one or none, and the next one is whole', async () => {
  await using here = await temporaryFolder()
  const [data, backup] = [join(here.path, 'data'), join(here.path, 'backup')]
  cpSync(spoken.data, data, { recursive: true })
  const contents = () =>
    existsSync(backup) ? readdirSync(backup).filter((name) => name.startsWith('nightjar-backup-')) : []
  let before = ''
  // The first four are killed before there is any backup, the others while one takes the place of another.
  for (const step of ['', 'nightjar.db', 'sources', 'clips.db', 'whole', 'nightjar.db', 'clips.db', 'two']) {
    if (step === 'whole') {
      // The last of them may have been ready before it was killed.
      if (!existsSync(join(backup, 'backup.json')))
        expect((await Command.run(['restore', backup], here.path)).err).toMatch(
          /^There is no backup of Nightjar in /,
        )
      expect((await Command.run(['backup', backup, '--clips'], data)).code).toBe(0)
      before = manifestOf(backup).content
      continue
    }
    const old = new Set(contents())
    const command = new Command(['backup', backup, '--clips'], data)
    await waitUntil(async () => {
      const made = contents().find((name) => !old.has(name))
      const reached =
        made !== undefined &&
        (step === 'two' ? manifestOf(backup).content === made : existsSync(join(backup, made, step)))
      return reached || (await endedBy(command))
    })
    if (!(await endedBy(command))) await command.kill()
    if (before === '') {
      if (existsSync(join(backup, 'backup.json'))) expectWhole(backup)
    } else expectWhole(backup)
  }
  expect((await Command.run(['backup', backup, '--clips'], data)).code).toBe(0)
  expectWhole(backup)
  expect(readdirSync(backup).toSorted()).toEqual(['backup.json', manifestOf(backup).content])
})

test('a backup stays within its folder, which may be a volume, and touches nothing that is not its own', async () => {
  await using here = await temporaryFolder()
  const backup = join(here.path, 'backup')
  const theirs = ['backup.partial/letters.txt', 'backup.before/letters.txt', 'backup/lost+found/piece']
  for (const name of theirs) {
    mkdirSync(dirname(join(here.path, name)), { recursive: true })
    writeFileSync(join(here.path, name), 'Dear Anna')
  }
  // A volume cannot be renamed, and who removes its folder loses what is mounted there.
  const { ino } = statSync(backup)
  for (let time = 0; time < 2; time++) {
    expect((await Command.run(['backup', backup], spoken.data)).code).toBe(0)
    expectWhole(backup)
    expect(statSync(backup).ino).toBe(ino)
    expect(readdirSync(here.path).toSorted()).toEqual(['backup', 'backup.before', 'backup.partial'])
    for (const name of theirs) expect(readFileSync(join(here.path, name), 'utf8')).toBe('Dear Anna')
    expect(readdirSync(backup).toSorted()).toEqual(['backup.json', 'lost+found', manifestOf(backup).content])
    // Somebody's own beside a backup stays as well.
    writeFileSync(join(backup, 'lost+found', 'later'), 'Dear Anna')
  }
})

const mounting = (command: string) => spawnSync('unshare', ['-m', 'sh', '-ec', command], { encoding: 'utf8' })

test.skipIf(mounting('mount -t tmpfs none /mnt').status !== 0)(
  'a volume of its own takes a backup and the next one (needs the right to mount)',
  async () => {
    await using here = await temporaryFolder()
    const [volume, copy] = [join(here.path, 'volume'), join(here.path, 'copy')]
    mkdirSync(volume)
    const backup = `NIGHTJAR_DATA='${spoken.data}' '${process.execPath}' bin/nightjar.js backup '${volume}'`
    const { status, stderr } = mounting(
      `mount -t tmpfs none '${volume}'; ${backup}; ${backup}; cp -R '${volume}' '${copy}'`,
    )
    expect(status, stderr).toBe(0)
    expect(readdirSync(volume)).toEqual([])
    expectWhole(copy)
    expect(readdirSync(copy).toSorted()).toEqual(['backup.json', manifestOf(copy).content])
  },
)

test('the files of a backup that lie beside its list are restored, and replaced by the next one', async () => {
  await using here = await temporaryFolder()
  const [backup, old, data] = ['backup', 'old', 'data'].map((name) => join(here.path, name)) as [
    string,
    string,
    string,
  ]
  expect((await Command.run(['backup', backup], spoken.data)).code).toBe(0)
  mkdirSync(data)
  const { content: _, ...rest } = manifestOf(backup)
  cpSync(contentOf(backup), old, { recursive: true })
  writeFileSync(join(old, 'backup.json'), JSON.stringify({ ...rest, format: 1 }))
  writeFileSync(join(old, 'sources', 'letters.txt'), 'Dear Anna')
  expect((await Command.run(['restore', old], data)).code).toBe(0)
  expect(readdirSync(join(data, 'sources'))).toContain(spoken.novelId)
  expect((await Command.run(['backup', old], spoken.data)).code).toBe(0)
  expectWhole(old)
  expect(readdirSync(old).toSorted()).toEqual(['backup.json', manifestOf(old).content, 'sources'])
  expect(readdirSync(join(old, 'sources'))).toEqual(['letters.txt'])
})
