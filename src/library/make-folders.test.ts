import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/program/temporary-folder.ts'
import { makeFolders } from './make-folders.ts'

test('a folder is made with those above it, and made again without harm', async () => {
  await using folder = await temporaryFolder()
  const deep = join(folder.path, 'one', 'two', 'three')
  makeFolders(deep)
  makeFolders(deep)
  expect(statSync(deep).isDirectory()).toBe(true)
})

test('where a file is in the way, the system’s reason is told', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'file')
  writeFileSync(file, '')
  expect(() => makeFolders(join(file, 'below'))).toThrow('ENOTDIR')
  expect(() => makeFolders(file)).toThrow('EEXIST')
})

test.skipIf(!existsSync('/proc/self'))('where nothing can be made, it ends (needs /proc)', () => {
  expect(() => makeFolders('/proc/nightjar/books')).toThrow(/ENOENT|EACCES/)
})
