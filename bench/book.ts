import { createWriteStream } from 'node:fs'
import { copyFile, open, rm, stat } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { IncomingMessage } from 'node:http'
import type { Novel } from '../src/http/contract.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { figure, median } from './figures.ts'
import { forgetPeak, residentMb } from './processes.ts'
import type { Measured } from './report.ts'
import { startStudio } from './studio-process.ts'
import { timedRequest } from './timed-request.ts'

const mostFirstByteMs = 100
const mostServerMb = 200
const mostTimesCopying = 2
const voice = 'espeak:en-us'

/** A novel of some 40 hours, of a few sentences again and again: so it is spoken in a moment, and not small. */
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

/** A whole novel as one file: how soon it begins, what the server takes for it, and its way to a file against `cp`. */
export async function measureBook(quick: boolean): Promise<Measured> {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  const { novel, secondsDone } = await spokenIn(data, quick ? 6 : 60)
  // Another process: nothing of the novel was counted or computed before, and the memory is that of sending it.
  await using studio = await startStudio(data)
  const { server, pid } = studio
  const url = new URL(`/api/novels/${novel.id}/book.m4b?voice=${voice}`, server.address)
  forgetPeak(pid)
  const before = residentMb(pid).now
  const first = await timedRequest(url)
  const [fetched, copied] = [join(folder.path, 'fetched.m4b'), join(folder.path, 'copied.m4b')]
  const [fetching, copying]: [number[], number[]] = [[], []]
  for (let time = 0; time < (quick ? 1 : 3); time++) {
    fetching.push(await milliseconds(() => fetchTo(url, fetched)))
    copying.push(await milliseconds(() => copy(fetched, copied)))
    await rm(copied)
  }
  const { peak } = residentMb(pid)
  const { size } = await stat(fetched)
  const ratio = median(fetching) / median(copying)
  const hours = figure(secondsDone / 3600)
  return {
    rows: [
      {
        what: `book.m4b of ${hours} hours (${figure(size / 1e6)} MB): first byte, by a server that has just started`,
        budget: `≤ ${mostFirstByteMs} ms`,
        measured: `${figure(first.firstByteMs)} ms`,
        met: first.firstByteMs <= mostFirstByteMs,
      },
      {
        what: 'server’s RSS while it is sent',
        budget: `≤ ${mostServerMb} MB`,
        measured: `${figure(peak)} MB (${figure(peak - before)} more than before)`,
        met: peak <= mostServerMb,
      },
      {
        what: 'time to fetch it to a file over copying that file',
        budget: `≤ ${mostTimesCopying}`,
        measured: `${figure(ratio)} (${figure(size / 1e3 / median(fetching))} MB/s)`,
        met: ratio <= mostTimesCopying,
      },
    ],
  }
}

async function spokenIn(data: string, chapters: number): Promise<{ novel: Novel; secondsDone: number }> {
  await using studio = await startStudio(data)
  const { server } = studio
  const { novel } = await server.add(repeatedStory(chapters), 'forty-hours.txt')
  const { secondsDone } = await server.finished(await server.generate(novel.id, undefined, { voice }))
  return { novel, secondsDone }
}

async function fetchTo(url: URL, path: string): Promise<void> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, resolve).once('error', reject)
  })
  await pipeline(message, createWriteStream(path, { highWaterMark: 1024 * 1024 }))
  await synced(path)
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await synced(to)
}

async function synced(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}
