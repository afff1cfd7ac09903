import { setTimeout as wait } from 'node:timers/promises'
import { largeEpub } from './books.ts'
import { figure } from './figures.ts'
import { forgetPeak, residentMb } from './processes.ts'
import type { Measured, Row } from './report.ts'
import { startStudio } from './server-under-test.ts'

const mostServerMb = 200

interface Peaks {
  readonly server: number
  /** Of the largest speech worker. */
  readonly speaker: number
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
        budget: `≤ ${mostServerMb} MB`,
        measured: `${figure(server)} MB`,
        met: server <= mostServerMb,
      },
      speakerRow('eSpeak', 200, espeak),
      speakerRow('Heart', 350, heart),
    ],
  }
}

function speakerRow(name: string, mostMb: number, { speaker }: Peaks): Row {
  return {
    what: `each speaker’s RSS with ${name}`,
    budget: `≤ ${mostMb} MB`,
    measured: `${figure(speaker)} MB`,
    met: speaker <= mostMb,
  }
}

async function peaksWith(voice: string, seconds: number): Promise<Peaks> {
  const book = await largeEpub()
  await using studio = await startStudio()
  const { server, pid, speakers } = studio
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
    speaker: Math.max(...speakers.map((speaker) => residentMb(speaker).peak)),
  }
}
