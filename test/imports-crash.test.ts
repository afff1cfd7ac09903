import { readdir } from 'node:fs/promises'
import { sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { zip } from './fixtures/epub.ts'
import { importAll, importDone } from './program/import-client.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

const text = (name: string): string =>
  `${name}\n\n\nChapter 1\n\n${name} went to the sea, and it was a long way.\n\nChapter 2\n\n${name} came home.\n`
const titles = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `Book ${from + at}`)

test('an import of many files goes on through kills: each book is there once, and each file says so', async () => {
  await using data = await temporaryFolder()
  const start = () => ServerProcess.start({ data: data.path, speakers: 0 })
  const single = titles(0, 12)
  const zipped = titles(12, 6)
  const read = (server: ServerProcess): number => server.log.split('a file of an import was read').length - 1
  let batch = ''
  {
    await using first = await start()
    const books = await zip(zipped.map((title) => [`${title}.txt`, text(title)]))
    batch = await importAll(first, {
      ...Object.fromEntries(single.map((title) => [`${title}.txt`, text(title)])),
      'books.zip': books,
      'picture.txt': 'GIF89a',
    })
    // What was sent is kept when it was answered: killed in the middle of what is read.
    await first.kill()
  }
  for (const more of [3, 8]) {
    await using server = await start()
    await waitUntil(() => read(server) >= more)
    // Not always between two files.
    await wait(more * 10)
    await server.kill()
  }
  await using last = await start()
  await waitUntil(async () => (await importDone(last, batch)).total === 20)
  const done = await importDone(last, batch)
  expect(done.states).toEqual({ added: 18, unpacked: 1, refused: 1 })
  const { novels } = await last.json<{ novels: Novel[] }>('/api/novels?limit=500')
  expect(novels.map(({ title }) => title).toSorted()).toEqual([...single, ...zipped].toSorted())
  // Of the bytes those of what was refused alone are left.
  const stored = await readdir(data.path, { recursive: true, withFileTypes: true })
  const left = stored.filter((entry) => entry.isFile() && entry.parentPath.split(sep).includes('imports'))
  expect(left.map(({ name }) => name)).toEqual([done.files.find(({ state }) => state === 'refused')!.id])
  const ids = done.files.flatMap(({ novelId }) => novelId ?? [])
  expect(new Set(ids)).toEqual(new Set(novels.map(({ id }) => id)))
})
