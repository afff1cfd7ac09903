import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { noisyPng } from '../../../test/fixtures/noisy-png.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { coverKey } from '../object-keys.ts'
import { CoverThumbnails } from './cover-thumbnails.ts'
import { openDataFolder } from './data-paths.ts'
import { FolderObjectStore } from '../folder/folder-object-store.ts'

const data = await temporaryFolder()
afterAll(() => data[Symbol.asyncDispose]())
const folder = openDataFolder(data.path)
const id = '01990000-0000-7000-8000-000000000001'
const objects = new FolderObjectStore(folder.root, folder.temporary)
await objects.put(coverKey(id), noisyPng(700, 900))
const scalers = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length

test('a late exit event of one scaler process does not discard its successor, so no process leaks', async () => {
  const before = scalers()
  const covers = new CoverThumbnails(folder, objects)
  expect(await covers.pathOf(id, 160)).toBeDefined()
  // As at the idle timeout; the next picture is requested before the exit event arrives.
  covers.stop()
  for (const width of [320, 640]) {
    const path = await covers.pathOf(id, width)
    expect(readFileSync(path!).subarray(0, 2).toString('hex'), String(width)).toBe('ffd8')
  }
  await waitUntil(() => scalers() <= before + 1)
  covers.stop()
  await waitUntil(() => scalers() === before)
})
