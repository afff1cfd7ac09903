import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { firstNonFolderStep, isPlainName, pathBelow, readPlainFile } from './contained-path.ts'
import { downloadPath, openDataFolder } from './data-paths.ts'

const invalidNames = ['', '.', '..', '../x', 'a/b', '/etc/passwd', 'a\\b', 'C:x', 'file:stream', 'a\0b']

test('a name that could lead out of its folder is not plain', () => {
  for (const name of invalidNames) expect(isPlainName(name), name).toBe(false)
  for (const name of ['a', '.nightjar.json', '01 - Who he.m4a', '三', '..a', 'a..']) {
    expect(isPlainName(name), name).toBe(true)
  }
})

test('no path below the data folder is made from such a name', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  for (const name of invalidNames) {
    expect(() => downloadPath(folder, name), name).toThrow('is not the name of a file')
  }
})

test('a path leads down through folders, never through links or upwards', async () => {
  await using here = await temporaryFolder()
  const root = join(here.path, 'root')
  await mkdir(join(root, 'a/b'), { recursive: true })
  await mkdir(join(here.path, 'elsewhere/b'), { recursive: true })
  await symlink(join(here.path, 'elsewhere'), join(root, 'link'))
  await writeFile(join(root, 'file'), '')
  expect(pathBelow(root, 'a/b')).toBe(join(root, 'a', 'b'))
  for (const path of ['../x', 'a/../../x', '/a', 'a//b', ''])
    expect(pathBelow(root, path), path).toBeUndefined()
  expect(await firstNonFolderStep(root, 'a/b')).toBeUndefined()
  expect(await firstNonFolderStep(root, 'a/new/c')).toBeUndefined()
  expect(await firstNonFolderStep(root, 'link/b')).toBe('link')
  expect(await firstNonFolderStep(root, 'file')).toBe('file')
})

test('only an ordinary file within the size limit is read', async () => {
  await using here = await temporaryFolder()
  const [file, link] = [join(here.path, 'file'), join(here.path, 'link')]
  await writeFile(file, 'some content')
  await symlink(file, link)
  expect(String(await readPlainFile(file, 100))).toBe('some content')
  expect(await readPlainFile(file, 3)).toBeUndefined()
  expect(await readPlainFile(link, 100)).toBeUndefined()
  expect(await readPlainFile(here.path, 100)).toBeUndefined()
})
