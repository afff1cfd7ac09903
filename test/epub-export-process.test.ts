import { existsSync, readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { childrenOf, cpuSeconds } from '../bench/processes.ts'
import { ZipArchive } from '../src/importer/zip-archive.ts'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// The text of a read-along EPUB is built in a worker process, which may be killed, e.g. when memory runs out.

const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))

/** CPU seconds after which the worker is in the middle of its build; starting Node takes half of it. */
const begun = 0.2

/** A server with a long novel of which one chapter is spoken, and the address of its EPUB. */
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

/** The process ids of a server's EPUB workers. */
function workersOf({ pid = 0 }: ServerProcess): number[] {
  return childrenOf(pid).filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('epub-worker.ts')
    } catch {
      // It has exited meanwhile.
      return false
    }
  })
}

/** Requests an EPUB and kills up to `most` workers until the response arrives, each after `seconds` of CPU time. */
async function askedAndKilled(server: ServerProcess, address: string, most: number, seconds: number) {
  const killed = new Set<number>()
  const over = new AbortController()
  const asking = server.fetch(address).finally(() => over.abort())
  while (!over.signal.aborted) {
    for (const pid of workersOf(server)) {
      if (killed.size === most || killed.has(pid) || cpuSeconds([pid]) < seconds) continue
      process.kill(pid, 'SIGKILL')
      killed.add(pid)
    }
    await wait(5)
  }
  return { answer: await asking, killed: killed.size }
}

/** The files of a data folder except those of the databases, which come and go. */
async function filesIn(data: string): Promise<string[]> {
  const names = await readdir(data, { recursive: true })
  return names.filter((name) => !/\.db(?:-\w+)?$/.test(name)).toSorted()
}

test('an EPUB worker that is killed is restarted once, and the book is complete', async ({ skip }) => {
  skip(!existsSync('/proc/self/stat'), 'needs /proc to find the process that makes an EPUB')
  await using here = await novelHere()
  const { server, data, address } = here
  const before = await filesIn(data)
  const { answer, killed } = await askedAndKilled(server, address, 1, begun)
  expect([killed, answer.status]).toEqual([1, 200])
  expect(server.log).toContain('the EPUB worker was killed; retrying once')
  const bytes = await answer.bytes()
  // Behind the answer.
  await waitUntil(async () => isDeepStrictEqual(await filesIn(data), before))
  await waitUntil(() => workersOf(server).length === 0)

  const again = await server.fetch(address)
  expect(await again.bytes()).toEqual(bytes)
  await using other = await temporaryFolder()
  const path = join(other.path, 'book.epub')
  await writeFile(path, bytes)
  const archive = await ZipArchive.open(path)
  expect(archive.names.filter((name) => /chapter-\d+\.xhtml$/.test(name))).toHaveLength(600)
  await archive.close()
})

test('if the worker is killed every time, the request fails with a failure, leaves no files, and a later one succeeds', async ({
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
  await waitUntil(async () => isDeepStrictEqual(await filesIn(data), before))
  expect((await server.fetch(address)).status).toBe(200)
})
