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

test('what is whole gets its name, and nothing else is left', async () => {
  await using folder = await temporaryFolder()
  await using part = await filled(join(folder.path, 'book.m4a'))
  expect((await readdir(folder.path)).toSorted()).toEqual(['book.m4a.part', 'book.m4a.part.version'])
  await part.moveIntoPlace()
  expect(await readdir(folder.path)).toEqual(['book.m4a'])
})

test('the note of the version goes before the name is given, so no end in between leaves it beside the file', async () => {
  await using folder = await temporaryFolder()
  const target = join(folder.path, 'book.m4a')
  await using part = await filled(target)
  // Giving the name fails.
  await mkdir(target)
  await expect(part.moveIntoPlace()).rejects.toThrow('book.m4a')
  expect((await readdir(folder.path)).toSorted()).toEqual(['book.m4a', 'book.m4a.part'])
})
