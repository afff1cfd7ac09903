import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { PartFile } from './part-file.ts'

async function filled(target: string): Promise<PartFile> {
  const part = await PartFile.open(target)
  await part.restart('"one"')
  await part.append(new TextEncoder().encode('whole'))
  return part
}

test('a complete file gets its name, and no other file is left', async () => {
  await using folder = await temporaryFolder()
  await using part = await filled(join(folder.path, 'book.m4a'))
  expect((await readdir(folder.path)).toSorted()).toEqual(['book.m4a.part', 'book.m4a.part.version'])
  await part.moveIntoPlace()
  expect(await readdir(folder.path)).toEqual(['book.m4a'])
})

test('the version file is removed before the rename, so that a crash in between does not leave it beside the file', async () => {
  await using folder = await temporaryFolder()
  const target = join(folder.path, 'book.m4a')
  await using part = await filled(target)
  // Makes the rename fail.
  await mkdir(target)
  await expect(part.moveIntoPlace()).rejects.toThrow('book.m4a')
  expect((await readdir(folder.path)).toSorted()).toEqual(['book.m4a', 'book.m4a.part'])
})
