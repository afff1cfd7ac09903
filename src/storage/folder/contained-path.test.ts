import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { coverPath, openDataFolder, transcodePath, sourcePath, voicePath } from './data-paths.ts'
import { isPlainName, pathBelow, readPlainFile, firstNonFolderStep } from './contained-path.ts'

const strange = ['', '.', '..', '../x', 'a/b', '/etc/passwd', 'a\\b', 'C:x', 'file:stream', 'a\0b']

test('a name that leads anywhere but into its folder is none', () => {
  for (const name of strange) expect(isPlainName(name), name).toBe(false)
  for (const name of ['a', '.nightjar.json', '01 - Who he.m4a', '三', '..a', 'a..']) {
    expect(isPlainName(name), name).toBe(true)
  }
})

test('no path below the data folder is made from such a name, whatever a database says', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  for (const name of strange) {
    for (const path of [sourcePath, coverPath, transcodePath, voicePath]) {
      expect(() => path(folder, name), name).toThrow('is not the name of a file')
    }
  }
})

test('a path is followed down through folders, never through links or up', async () => {
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

test('only an ordinary file of a sensible size is read', async () => {
  await using here = await temporaryFolder()
  const [file, link] = [join(here.path, 'file'), join(here.path, 'link')]
  await writeFile(file, 'what it says')
  await symlink(file, link)
  expect(String(await readPlainFile(file, 100))).toBe('what it says')
  expect(await readPlainFile(file, 3)).toBeUndefined()
  expect(await readPlainFile(link, 100)).toBeUndefined()
  expect(await readPlainFile(here.path, 100)).toBeUndefined()
})
