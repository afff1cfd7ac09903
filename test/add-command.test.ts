import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { Command } from './program/cli-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

test('add sends books to a server elsewhere, each once, and its exit code tells what to do', async () => {
  await using here = await startApplication()
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'book.txt'), longStory(1, 3))
  await writeFile(join(folder.path, 'bad.epub'), 'GIF89a')
  const add = (...args: string[]) => Command.run(['add', ...args], folder.path)
  const server = ['--server', here.api.address]
  const first = await add('book.txt', '--speak', ...server)
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toContain('added')
  const again = await add('book.txt', ...server)
  expect(again).toMatchObject({ code: 0, err: '' })
  expect(again.out).toContain('was there already')
  const { novels } = await here.api.json<{ novels: { id: string; segmentsTotal: number }[] }>('/api/novels')
  expect(novels).toHaveLength(1)
  const mixed = await add('bad.epub', 'missing.epub', 'book.txt', ...server)
  expect(mixed.code).toBe(1)
  expect(mixed.err).toContain('bad.epub cannot be read as a book: it is an image')
  expect(mixed.err).toContain('missing.epub cannot be read as a book')
  expect(mixed.out).toContain(novels[0]!.id)
  // An address is fetched by the server, which looks whether it may.
  expect(await add('http://10.0.0.1/book.txt', ...server)).toMatchObject({
    code: 1,
    err: expect.stringContaining('10.0.0.1 is in a private network') as string,
  })
  expect((await add('book.txt', '--server', 'http://127.0.0.1:1')).code).toBe(3)
  expect((await add('book.txt', '--server', 'nowhere')).err).toContain('NIGHTJAR_SERVER')
  expect((await add(...server)).code).toBe(2)
})

test('a token is sent along; what a server has no room for may be tried later', async () => {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    request.resume()
    request.on('end', () =>
      response
        .writeHead(507, { 'content-type': 'application/json' })
        .end('{"success":false,"code":"storage.full","error":"There is no room."}'),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'book.txt'), 'Ann went home.')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nightjar`
  try {
    const full = await Command.run(['add', 'book.txt', '--server', address, '--token', 'abc'], folder.path)
    expect(full).toMatchObject({ code: 3, err: 'There is no room.\n', out: '' })
    expect(asked).toEqual(['Bearer abc'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
