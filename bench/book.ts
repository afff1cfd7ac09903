import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { figure, median } from './figures.ts'
import { forgetPeak, residentMb } from './processes.ts'
import type { Measured } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'
import { timedRequest } from './timed-request.ts'

const maxFirstByteMs = 100
const maxServerMb = 200
const maxTimesCopying = 2
const maxTimesBare = 1.25
const voice = 'espeak:en-us'
const run = promisify(execFile)

/** A novel of some 40 hours that repeats a few sentences, so that it is large but spoken at once. */
function repeatedStory(chapters: number): Uint8Array<ArrayBuffer> {
  const sentences = Array.from(
    { length: 40 },
    (_, at) =>
      `On day ${at}, when the rain had come over the hills again, the ferryman of the lower river read the letter twice, ` +
      `counted his coins without a word, and shut the door as if nothing at all had happened that night.`,
  )
  const body = Array.from({ length: 5 }, () => sentences.join('\n\n')).join('\n\n')
  return new TextEncoder().encode(
    Array.from({ length: chapters }, (_, at) => `Chapter ${at + 1}\n\n${body}\n\n`).join(''),
  )
}

/** Sending a whole novel as one file: first byte, CPU of the server, and throughput compared with `cp`. */
export async function measureBook(quick: boolean): Promise<Measured> {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  const { novel, secondsDone } = await spokenIn(data, quick ? 6 : 60)
  // A new process: nothing about the novel is cached, and the memory is that of sending it.
  await using underTest = await startServerUnderTest(data)
  const { server, pid } = underTest
  const url = new URL(`/api/novels/${novel.id}/book.m4b?voice=${voice}`, server.address)
  forgetPeak(pid)
  const before = residentMb(pid).now
  const first = await timedRequest(url)
  const [book, target] = [join(folder.path, 'book.m4b'), join(folder.path, 'target.m4b')]
  const fetched = (from: URL, to: string) => ['--silent', '--fail', '--output', to, from.href]
  await run('curl', fetched(url, book))
  const { size } = await stat(book)
  await using bare = await bareServer(size)
  const ways = {
    fetch: { command: 'curl', args: fetched(url, target), ms: [] as number[] },
    copy: { command: 'cp', args: [book, target], ms: [] as number[] },
    bare: { command: 'curl', args: fetched(bare.url, target), ms: [] as number[] },
  }
  // Page cache writes cost seven times as much while the machine must first free memory: the ways alternate, each in
  // every position equally often, and all write a new file.
  const order = Object.values(ways)
  for (let time = 0; time < (quick ? 3 : 9); time++) {
    for (const { command, args, ms } of order) {
      await rm(target, { force: true })
      ms.push(await milliseconds(() => run(command, args)))
    }
    order.push(...order.splice(0, 1))
  }
  const { peak } = residentMb(pid)
  const [fetching, copying, sending] = [median(ways.fetch.ms), median(ways.copy.ms), median(ways.bare.ms)]
  const ratio = fetching / copying
  const hours = figure(secondsDone / 3600)
  return {
    rows: [
      {
        what: `book.m4b of ${hours} hours (${figure(size / 1e6)} MB): first byte, by a server that has just started`,
        budget: `≤ ${maxFirstByteMs} ms`,
        measured: `${figure(first.firstByteMs)} ms`,
        met: first.firstByteMs <= maxFirstByteMs,
      },
      {
        what: 'server’s RSS while it is sent',
        budget: `≤ ${maxServerMb} MB`,
        measured: `${figure(peak)} MB (${figure(peak - before)} more than before)`,
        met: peak <= maxServerMb,
      },
      {
        what: `time to fetch it to a file with curl over copying that file with cp, medians of ${ways.copy.ms.length}`,
        budget: `≤ ${maxTimesCopying}`,
        measured: `${figure(ratio)} (${figure(size / 1e3 / fetching)} and ${figure(size / 1e3 / copying)} MB/s; cp ${spread(ways.copy.ms)} s)`,
        met: ratio <= maxTimesCopying,
      },
      {
        // The server's own share: curl itself takes 2.4 times the CPU of cp, and 3 times its time with a file from nginx.
        what: 'the same over fetching as many bytes from a bare server that sends one buffer again and again',
        budget: `≤ ${maxTimesBare}`,
        measured: `${figure(fetching / sending)} (${figure(size / 1e3 / sending)} MB/s, ${figure(sending / copying)} times cp)`,
        met: fetching / sending <= maxTimesBare,
      },
    ],
  }
}

async function spokenIn(data: string, chapters: number): Promise<{ novel: Novel; secondsDone: number }> {
  await using underTest = await startServerUnderTest(data)
  const { server } = underTest
  const { novel } = await server.add(repeatedStory(chapters), 'forty-hours.txt')
  const { secondsDone } = await server.finished(await server.generate(novel.id, undefined, { voice }))
  return { novel, secondsDone }
}

/** The cost of HTTP and of curl's writing on this machine, without reading any data. */
async function bareServer(size: number): Promise<{ readonly url: URL } & AsyncDisposable> {
  const buffer = new Uint8Array(256 * 1024).fill(0xaa)
  const server = createServer((_request, response) => {
    const buffers = function* () {
      for (let left = size; left > 0; left -= buffer.length) yield buffer.subarray(0, left)
    }
    response.setHeader('content-length', size)
    pipeline(Readable.from(buffers()), response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')),
  }
}

function spread(ms: readonly number[]): string {
  return `${figure(Math.min(...ms) / 1000)} to ${figure(Math.max(...ms) / 1000)}`
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}
