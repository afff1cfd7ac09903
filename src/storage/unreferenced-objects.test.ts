import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/program/temporary-folder.ts'
import { openDataFolder } from './local/data-paths.ts'
import { FolderObjectStore } from './folder/folder-object-store.ts'
import {
  keysByName,
  moveToTrash,
  removeLeftovers,
  trashName,
  trashUnreferenced,
} from './unreferenced-objects.ts'

test('an object that cannot be moved to the trash does not stop the others', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  for (const name of ['one', 'two', 'three']) await objects.put(`covers/${name}`, Buffer.from(name))
  await mkdir(join(folder.trash, trashName(0), 'covers', 'two', 'in the way'), { recursive: true })
  const moved = moveToTrash(objects, ['covers/one', 'covers/two', 'covers/gone', 'covers/three'], 0)
  await expect(moved).rejects.toThrow('EISDIR')
  expect(await readdir(folder.covers)).toEqual(['two'])
})

test('no leftover in the database removes more than itself', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  for (const key of ['sources/book', 'sources/left', 'voices/left/model.onnx', 'voices/left-2/model.onnx']) {
    await objects.put(key, Buffer.from(key))
  }
  const leftovers = ['sources/.', 'sources/..', 'sources/', 'sources', 'sources/./book', 'trash/x', 'voices/']
  await removeLeftovers(objects, [...leftovers, 'sources/left', 'voices/left'])
  expect(await readdir(folder.sources)).toEqual(['book'])
  expect(await readdir(folder.voices)).toEqual(['left-2'])
})

test('unreferenced objects are moved with all that is below them, unless they are many', async () => {
  await using here = await temporaryFolder()
  const folder = openDataFolder(here.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  await mkdir(join(folder.covers, 'old'))
  for (const name of ['old/one', 'old/two', 'needed']) await writeFile(join(folder.covers, name), name)
  const needed = new Set(['needed'])
  expect(await trashUnreferenced(objects, await keysByName(objects, 'covers'), needed, 0)).toEqual({
    names: ['old'],
    moved: true,
  })
  expect(await readdir(folder.covers)).toEqual(['needed'])
  expect(await readdir(join(folder.trash, trashName(0), 'covers', 'old'))).toEqual(['one', 'two'])
  for (let count = 0; count < 20; count++) await objects.put(`covers/cover-${count}`, Buffer.from('x'))
  expect(await trashUnreferenced(objects, await keysByName(objects, 'covers'), needed, 0)).toMatchObject({
    moved: false,
  })
  expect(await readdir(folder.covers)).toHaveLength(21)
})
