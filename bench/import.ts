import { setTimeout as wait } from 'node:timers/promises'
import { type Book, largeEpub, largeText } from './books.ts'
import { figure } from './figures.ts'
import { childrenOf, residentMb } from './processes.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest, type ServerUnderTest } from './server-under-test.ts'

const maxMb = 200

/** Upload of a large book to its response, each on a new server: seconds and peak memory. */
export async function measureImport(): Promise<Measured> {
  return { rows: [await importRow(await largeEpub(), 'EPUB', 2), await importRow(largeText(), 'TXT', 1)] }
}

async function importRow(book: Book, kind: string, maxSeconds: number): Promise<Row> {
  await using underTest = await startServerUnderTest()
  const before = performance.now()
  const watching = new AbortController()
  const reader = peakOfReader(underTest, watching.signal)
  const { chapters } = await underTest.server.add(book.bytes, book.fileName)
  const seconds = (performance.now() - before) / 1000
  watching.abort()
  const peaks = [residentMb(underTest.pid).peak, await reader]
  const size = figure(book.bytes.length / 1e6)
  return {
    what: `import of ${book.name} (${kind}, ${size} MB, ${chapters.length} chapters); peak RSS of the server and of the process that reads`,
    budget: `≤ ${maxSeconds} s; ≤ ${maxMb} MB`,
    measured: `${figure(seconds)} s; ${peaks.map(figure).join(' and ')} MB`,
    met: seconds <= maxSeconds && Math.max(...peaks) <= maxMb,
  }
}

/** A book is read in a child process that ends with the import. */
async function peakOfReader({ pid, workers }: ServerUnderTest, signal: AbortSignal): Promise<number> {
  let most = 0
  while (!signal.aborted) {
    for (const child of childrenOf(pid)) {
      if (!workers.includes(child)) most = Math.max(most, peakOf(child))
    }
    await wait(20)
  }
  return most
}

/** 0 if the process has ended. */
function peakOf(pid: number): number {
  try {
    return residentMb(pid).peak
  } catch {
    return 0
  }
}
