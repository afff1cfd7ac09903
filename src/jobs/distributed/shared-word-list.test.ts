import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { FolderObjectStore } from '../../storage/folder/folder-object-store.ts'
import { InProcessLock } from '../../storage/in-process/in-process-lock.ts'
import { openDataFolder } from '../../storage/local/data-paths.ts'
import { readObject } from '../../storage/object-store.ts'
import type { ApplicationEvent, EventBus, EventListener } from '../event-bus.ts'
import { mergedWords, SharedWordList } from './shared-word-list.ts'

const log = { info: () => undefined, warn: expect.fail }
const gwynplaine = 'fr\tGwynplaine\tGouinplaine\n'
const defarge = 'en\tDefarge\t/dəfˈɑːɹʒ/\n'
const dea = 'fr\tDea\tDéa\n'

/** Two servers, each of which hears of what the other publishes. */
async function twoServers() {
  const root = await temporaryFolder()
  const shared = openDataFolder(join(root.path, 'shared'))
  const objects = new FolderObjectStore(shared.root, shared.temporary)
  const lock = new InProcessLock()
  const listeners: EventListener[] = []
  const busOf = (own: number): EventBus => ({
    publish: (event: ApplicationEvent) => {
      for (const [at, listener] of listeners.entries()) listener(event, at !== own)
    },
    subscribe: (listener) => {
      listeners[own] = listener
      return { [Symbol.dispose]: () => void (listeners[own] = () => undefined) }
    },
  })
  const folders = ['one', 'two'].map((name) => openDataFolder(join(root.path, name)))
  return {
    objects,
    read: (at: number) => readFileSync(folders[at]!.wordList, 'utf8'),
    write: (at: number, text: string) => writeFileSync(folders[at]!.wordList, text),
    start: (at: number) =>
      SharedWordList.start({ folder: folders[at]!, objects, lock, eventBus: busOf(at), log, everyMs: 20 }),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  }
}

test('what is written into the list of words of one server is in that of the other; a server that comes gets it too', async () => {
  await using servers = await twoServers()
  servers.write(0, gwynplaine)
  const one = await servers.start(0)
  await using two = await servers.start(1)
  expect(servers.read(1)).toBe(gwynplaine)
  servers.write(1, gwynplaine + defarge)
  await waitUntil(() => servers.read(0) === gwynplaine + defarge)
  // What is taken away is gone at both.
  servers.write(0, defarge)
  await waitUntil(() => servers.read(1) === defarge)
  await one[Symbol.asyncDispose]()
  servers.write(1, defarge + dea)
  await waitUntil(
    async () => (await readObject(servers.objects, 'store/words.tsv'))?.toString() === defarge + dea,
  )
  expect(servers.read(0)).toBe(defarge)
  await using again = await servers.start(0)
  expect(servers.read(0)).toBe(defarge + dea)
  expect([two, again]).toHaveLength(2)
})

test('of two servers with other words none loses any; what both had changed is as the later one has it', async () => {
  await using servers = await twoServers()
  servers.write(0, gwynplaine + defarge)
  servers.write(1, dea + defarge)
  await using one = await servers.start(0)
  await using two = await servers.start(1)
  await waitUntil(() => servers.read(0) === servers.read(1))
  expect(servers.read(0).split('\n').toSorted()).toEqual((gwynplaine + defarge + dea).split('\n').toSorted())
  expect([one, two]).toHaveLength(2)
})

test('merging what was merged already changes nothing, so a crash in the middle costs nothing', () => {
  const [common, own, theirs] = [gwynplaine, gwynplaine + defarge, dea]
  const merged = mergedWords({ own, common, theirs })
  expect(merged).toBe(dea + defarge)
  // The list of all is stored, the own one is not written yet, or what was common is not.
  expect(mergedWords({ own, common, theirs: merged })).toBe(merged)
  expect(mergedWords({ own: merged, common, theirs: merged })).toBe(merged)
})
