import { existsSync, readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { childrenOf, cpuSeconds } from '../bench/processes.ts'
import { ZipArchive } from '../src/importer/epub/zip-archive.ts'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// The text of a book to read along is made in a process of its own, which may be killed: a machine out of memory does it.

const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))

/** CPU seconds after which it is in the middle of its book: a Node that does nothing has begun after half of them. */
const begun = 0.2

/** A server with a long novel of which one chapter is spoken, and where its EPUB is. */
async function novelHere() {
  await using stack = new AsyncDisposableStack()
  const { path: data } = stack.use(await temporaryFolder())
  const server = stack.use(await ServerProcess.start({ data, program: [program] }))
  const { novel } = await server.add(longStory(600, 30), 'story.txt')
  await server.finished(await server.generate(novel.id, [1], { voice: 'odd:hum' }))
  const opened = stack.move()
  return {
    server,
    data,
    address: `/api/novels/${novel.id}/book.epub?voice=odd:hum`,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The processes of a server that make an EPUB. */
function makersOf({ pid = 0 }: ServerProcess): number[] {
  return childrenOf(pid).filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('epub-worker.ts')
    } catch {
      // It ended meanwhile.
      return false
    }
  })
}

/** Asks for an EPUB, and until the answer comes kills what makes it: so many, each when it has worked for so long. */
async function askedAndKilled(server: ServerProcess, address: string, most: number, seconds: number) {
  const killed = new Set<number>()
  const over = new AbortController()
  const asking = server.fetch(address).finally(() => over.abort())
  while (!over.signal.aborted) {
    for (const pid of makersOf(server)) {
      if (killed.size === most || killed.has(pid) || cpuSeconds([pid]) < seconds) continue
      process.kill(pid, 'SIGKILL')
      killed.add(pid)
    }
    await wait(5)
  }
  return { answer: await asking, killed: killed.size }
}

/** All that lies in a data folder but the databases' own files, which come and go. */
async function filesIn(data: string): Promise<string[]> {
  const names = await readdir(data, { recursive: true })
  return names.filter((name) => !/\.db(?:-\w+)?$/.test(name)).toSorted()
}

test('killed while it makes an EPUB, its process is begun once more, and the book is whole', async ({
  skip,
}) => {
  skip(!existsSync('/proc/self/stat'), 'needs /proc to find the process that makes an EPUB')
  await using here = await novelHere()
  const { server, data, address } = here
  const before = await filesIn(data)
  const { answer, killed } = await askedAndKilled(server, address, 1, begun)
  expect([killed, answer.status]).toEqual([1, 200])
  expect(server.log).toContain('was killed and is begun once more')
  const bytes = await answer.bytes()
  expect(await filesIn(data)).toEqual(before)
  expect(makersOf(server)).toEqual([])

  const again = await server.fetch(address)
  expect(await again.bytes()).toEqual(bytes)
  await using other = await temporaryFolder()
  const path = join(other.path, 'book.epub')
  await writeFile(path, bytes)
  const archive = await ZipArchive.open(path)
  expect(archive.names.filter((name) => /chapter-\d+\.xhtml$/.test(name))).toHaveLength(600)
  await archive.close()
})

test('killed whenever it begins, it is told in a sentence; nothing is left, and asked again the book is made', async ({
  skip,
}) => {
  skip(!existsSync('/proc/self/stat'), 'needs /proc to find the process that makes an EPUB')
  await using here = await novelHere()
  const { server, data, address } = here
  const before = await filesIn(data)
  const { answer, killed } = await askedAndKilled(server, address, Infinity, 0)
  expect(killed).toBe(2)
  expect([answer.status, await answer.json()]).toEqual([
    503,
    {
      success: false,
      code: 'book.killed',
      error:
        'The EPUB could not be made: what makes it was ended from outside, as a machine does that has no memory left. Try again.',
    },
  ])
  expect(await filesIn(data)).toEqual(before)
  expect((await server.fetch(address)).status).toBe(200)
})
