import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { objectStoreContract } from '../../../test/contracts/object-store-contract.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { openDataFolder } from '../local/data-paths.ts'
import { FolderObjectStore } from './folder-object-store.ts'

objectStoreContract('of a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'nightjar-'))
  const { temporary } = openDataFolder(root)
  return {
    objects: new FolderObjectStore(root, temporary),
    address: { data: root, settings: {} },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  }
})

test('an object is the file at its key, and the folders of deleted ones go with them', async () => {
  await using root = await temporaryFolder()
  const folder = openDataFolder(root.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  await objects.put('voices/one/model.onnx', Buffer.from('model'))
  await objects.put('voices/one/MODEL_CARD', Buffer.from('card'))
  await objects.put('sources/a', Buffer.from('book'))
  expect((await readdir(join(folder.voices, 'one'))).toSorted()).toEqual(['MODEL_CARD', 'model.onnx'])
  expect(await readdir(folder.sources)).toEqual(['a'])
  await objects.delete(['voices/one/model.onnx', 'sources/a'])
  expect(await readdir(folder.voices)).toEqual(['one'])
  await objects.delete(['voices/one/MODEL_CARD'])
  expect(await readdir(folder.voices)).toEqual([])
  expect(await readdir(folder.sources)).toEqual([])
  expect(await readdir(folder.temporary)).toEqual([])
})

test('what is not a file is no object', async () => {
  await using root = await temporaryFolder()
  const folder = openDataFolder(root.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  await mkdir(join(folder.covers, 'folder'))
  await symlink('/no/such/file', join(folder.covers, 'link'))
  await writeFile(join(folder.covers, 'a\nb'), 'a name that is no key')
  await writeFile(join(folder.covers, 'file'), 'x')
  expect(await objects.get('covers/folder')).toBeUndefined()
  expect(await objects.head('covers/folder')).toBeUndefined()
  expect(await objects.localFile('covers/folder')).toBeUndefined()
  expect(await objects.get('covers/file/below')).toBeUndefined()
  const keys: string[] = []
  for await (const { key } of objects.list('covers/')) keys.push(key)
  expect(keys).toEqual(['covers/file'])
})
