import { existsSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { openDataFolder } from './data-paths.ts'
import { makeFolders, moveDurably } from './durable-files.ts'
import { finishSwap, stagePath } from './restore-swap.ts'

/** Fails like a rename between two file systems. */
const refused = (): Promise<never> => Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' }))

test('a folder that cannot be renamed is moved file by file, and an interrupted move continues', async () => {
  await using here = await temporaryFolder()
  const [from, to] = [join(here.path, 'from'), join(here.path, 'to')]
  await mkdir(join(from, 'inner'), { recursive: true })
  await writeFile(join(from, 'one'), '1')
  await writeFile(join(from, 'inner', 'two'), '2')
  // The state after a crash: one file moved, another partly copied.
  await mkdir(join(to, 'inner'), { recursive: true })
  await writeFile(join(to, 'zero'), '0')
  await writeFile(join(to, 'inner', '.part'), '')
  await moveDurably(from, to, refused)
  expect((await readdir(to)).toSorted()).toEqual(['inner', 'one', 'zero'])
  expect(await readFile(join(to, 'inner', 'two'), 'utf8')).toBe('2')
  expect(await readdir(join(to, 'inner'))).toEqual(['two'])
  expect(await readdir(here.path)).toEqual(['to'])
  const other = Object.assign(new Error('no'), { code: 'EACCES' })
  await expect(moveDurably(to, from, () => Promise.reject(other))).rejects.toThrow(other)
})

test('a restore that was interrupted while files were moved one by one continues with the rest', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  const stage = stagePath(folder)
  await mkdir(join(stage, 'sources.freed'), { recursive: true })
  await mkdir(join(here.path, 'set-aside-1'))
  await writeFile(join(here.path, 'set-aside-1', 'sources'), 'what was there')
  await writeFile(join(stage, 'sources.freed', 'book'), 'restored')
  await writeFile(join(here.path, 'restore.json'), JSON.stringify({ aside: 'set-aside-1' }))
  expect(await finishSwap(folder)).toBe(true)
  expect(await readFile(join(folder.sources, 'book'), 'utf8')).toBe('restored')
  expect(await readFile(join(here.path, 'set-aside-1', 'sources'), 'utf8')).toBe('what was there')
})

test('a restore that cannot be completed stops the start with storage.unwritable', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  await writeFile(join(here.path, 'restore.json'), '{')
  await expect(finishSwap(folder)).rejects.toMatchObject({ code: 'storage.unwritable' })
})

test('a folder is created with its parents, and creating it again changes nothing', async () => {
  await using folder = await temporaryFolder()
  const deep = join(folder.path, 'one', 'two', 'three')
  makeFolders(deep)
  makeFolders(deep)
  expect(statSync(deep).isDirectory()).toBe(true)
})

test('where a file is in the way, the system’s error is thrown', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'file')
  writeFileSync(file, '')
  expect(() => makeFolders(join(file, 'below'))).toThrow('ENOTDIR')
  expect(() => makeFolders(file)).toThrow('EEXIST')
})

test.skipIf(!existsSync('/proc/self'))(
  'where nothing can be created, it throws instead of looping (needs /proc)',
  () => {
    expect(() => makeFolders('/proc/nightjar/books')).toThrow(/ENOENT|EACCES/)
  },
)
