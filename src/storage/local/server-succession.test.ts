import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { openDataFolder } from './data-paths.ts'
import { succeedFormerServer } from './server-succession.ts'

test('each server learns the id of the one before it, also where its own cannot be written', async () => {
  await using temporary = await temporaryFolder()
  const folder = openDataFolder(temporary.path)
  expect(await succeedFormerServer(folder, '00000001')).toBeUndefined()
  expect(await succeedFormerServer(folder, '00000002')).toBe('00000001')
  const unwritable = { ...folder, temporary: join(temporary.path, 'nowhere') }
  expect(await succeedFormerServer(unwritable, '00000003')).toBe('00000002')
  expect(await succeedFormerServer(folder, '00000004')).toBe('00000002')
})
