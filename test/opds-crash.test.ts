import { expect, test } from 'vitest'
import { opdsFetchList, type OpdsFetchView } from '../src/http/contract/opds-source-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { answer } from './program/api-client.ts'
import { atomFeed, OpdsServer } from './program/opds-server.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

const count = 12

test('books that were asked for from a catalogue come in through kills, each once', async () => {
  await using data = await temporaryFolder()
  await using server = await OpdsServer.start()
  server.login = { user: 'anna', password: 'sesame' }
  server.answers.set('/opds', atomFeed('Books', ''))
  /** Books whose second half is held back. */
  const held = new Set([2, 7])
  const waiting: (() => void)[] = []
  for (let index = 0; index < count; index++) {
    const text = Array.from(
      { length: 20 },
      (_, at) => `Book ${index} has a ${at}th sentence, and it is long.`,
    ).join('\n\n')
    server.answers.set(`/${index}.txt`, (response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
      const half = text.length / 2
      response.write(text.slice(0, half))
      if (held.has(index)) waiting.push(() => response.end(text.slice(half)))
      else response.end(text.slice(half))
    })
  }
  const start = () => ServerProcess.start({ data: data.path, speakers: 0 })
  {
    await using first = await start()
    const { source } = await answer<{ source: { id: string } }>(
      first.post('/api/opds-sources', { address: server.url('/opds'), ...server.login }),
    )
    const books = Array.from({ length: count }, (_, index) => ({
      address: server.url(`/${index}.txt`),
      type: 'text/plain',
      title: `Book ${index}`,
    }))
    expect((await first.post(`/api/opds-sources/${source.id}/fetches`, { books })).status).toBe(202)
    // In the middle of a book, with others done.
    await waitUntil(() => waiting.length > 0)
    await first.kill()
  }
  held.delete(2)
  {
    await using second = await start()
    const before = waiting.length
    await waitUntil(() => waiting.length > before)
    await second.kill()
  }
  held.clear()
  await using third = await start()
  let fetches: OpdsFetchView[] = []
  await waitUntil(
    async () => {
      ;({ fetches } = opdsFetchList.parse(await third.json('/api/opds-fetches')))
      return fetches.length === count && fetches.every(({ state }) => state === 'imported')
    },
    () => JSON.stringify(fetches.map(({ title, state, trouble }) => [title, state, trouble])),
  )
  const { novels } = await third.json<{ novels: Novel[] }>('/api/novels?limit=500')
  const wanted = Array.from({ length: count }, (_, index) => `Book ${index}`).toSorted()
  expect(novels.map(({ title }) => title).toSorted()).toEqual(wanted)
  expect(new Set(fetches.map(({ novelId }) => novelId)).size).toBe(count)
  expect(fetches.map(({ outcome }) => outcome)).toEqual(Array(count).fill('added'))
})
