import { setTimeout as wait } from 'node:timers/promises'
import { largeEpub } from './books.ts'
import { figure } from './figures.ts'
import { forgetPeak, residentMb } from './processes.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest } from './server-under-test.ts'

const maxServerMb = 200

interface Peaks {
  readonly server: number
  /** Of the largest speech worker. */
  readonly worker: number
}

/** Peak memory of server and speech workers while War and Peace is spoken and a client polls. */
export async function measureMemory(quick: boolean): Promise<Measured> {
  const seconds = quick ? 8 : 30
  const espeak = await peaksWith('espeak:en-us', seconds)
  const heart = await peaksWith('hibari:heart', seconds)
  const server = Math.max(espeak.server, heart.server)
  return {
    rows: [
      {
        what: 'server’s RSS while a book runs, after its import',
        budget: `≤ ${maxServerMb} MB`,
        measured: `${figure(server)} MB`,
        met: server <= maxServerMb,
      },
      workerRow('eSpeak', 200, espeak),
      workerRow('Heart', 350, heart),
    ],
  }
}

function workerRow(name: string, maxMb: number, { worker }: Peaks): Row {
  return {
    what: `each speaker’s RSS with ${name}`,
    budget: `≤ ${maxMb} MB`,
    measured: `${figure(worker)} MB`,
    met: worker <= maxMb,
  }
}

async function peaksWith(voice: string, seconds: number): Promise<Peaks> {
  const book = await largeEpub()
  await using underTest = await startServerUnderTest()
  const { server, pid, workers } = underTest
  const { novel } = await server.add(book.bytes, book.fileName)
  forgetPeak(pid)
  const progressId = await server.generate(novel.id, undefined, { voice })
  const until = performance.now() + 1000 * seconds
  while (performance.now() < until) {
    await server.progress(progressId)
    await wait(500)
  }
  return {
    server: residentMb(pid).peak,
    worker: Math.max(...workers.map((worker) => residentMb(worker).peak)),
  }
}
