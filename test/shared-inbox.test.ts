import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inboxAnswer } from '../src/http/contract/inbox-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

// Two servers on one Postgres (npm run test:many) that watch the same folder.

const text = (name: string): string =>
  `Chapter 1\n\n${name} went to the sea, and it was a long way.\n\nChapter 2\n\n${name} came home.\n`

const imported = async (api: Api): Promise<number> =>
  inboxAnswer
    .parse(await api.json('/api/inbox?limit=500'))
    .inbox.files.filter(({ state, novelId }) => state === 'imported' && novelId !== null).length

test('of two servers one takes each file, and when it is gone the other goes on: no book comes twice', async () => {
  await using folder = await temporaryFolder()
  await using books = await temporaryFolder()
  const settings = {
    NIGHTJAR_OBJECTS: join(folder.path, 'objects'),
    ...storageSettings(folder.path),
    NIGHTJAR_SPEAKERS: '1',
    NIGHTJAR_INBOX: books.path,
    NIGHTJAR_INBOX_EVERY: '0.1',
  }
  const put = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, at) => from + at).map((index) =>
        writeFile(join(books.path, `Nº${index} of them.txt`), text(`Nº${index}`)),
      ),
    )
  await put(0, 3)
  const one = await startApplication({ settings })
  await using two = await startApplication({ settings })
  try {
    await waitUntil(async () => (await imported(two.api)) === 3)
    await put(3, 8)
    // In the middle of them.
    await waitUntil(async () => (await imported(two.api)) > 3)
  } finally {
    await one[Symbol.asyncDispose]()
  }
  await waitUntil(async () => (await imported(two.api)) === 8)
  await put(8, 9)
  await waitUntil(async () => (await imported(two.api)) === 9)
  const { novels } = await two.api.json<{ novels: Novel[] }>('/api/novels?limit=500')
  expect(new Set(novels.map(({ title }) => title)).size).toBe(9)
  expect(novels).toHaveLength(9)
  const sources = await two.application.db.selectFrom('novels').select('sourceSha256').execute()
  expect(new Set(sources.map(({ sourceSha256 }) => sourceSha256)).size).toBe(9)
  expect(sources).toHaveLength(9)
})
