import { setTimeout as wait } from 'node:timers/promises'
import { type Book, largeEpub, largeText } from './books.ts'
import { figure } from './figures.ts'
import { bookByFormat } from './import-formats.ts'
import { childrenOf, residentMb } from './processes.ts'
import type { Measured, Row } from './report.ts'
import { startServerUnderTest, type ServerUnderTest } from './server-under-test.ts'

const maxMb = 200

/** Upload of a large book to its response, each on a new server: seconds and peak memory; then of each other format. */
export async function measureImport(quick: boolean): Promise<Measured> {
  const rows = [await importRow(await largeEpub(), 'EPUB', 2), await importRow(largeText(), 'TXT', 1)]
  const lines: string[][] = []
  const chapters = quick ? 5 : 365
  for (const [fileName, bytes] of await bookByFormat(chapters)) {
    const { seconds, peaks } = await importOf({ bytes, fileName })
    const megabytes = bytes.length / 1e6
    lines.push([
      fileName.replace(/^.*\./, ''),
      figure(megabytes),
      figure(seconds),
      figure(megabytes / seconds),
      peaks.map(figure).join(' and '),
    ])
  }
  const columns = ['format', 'MB', 's', 'MB/s', 'peak RSS of the server and of the process that reads, MB']
  return {
    rows,
    breakdowns: [
      {
        title: `Import of the same book of ${chapters} chapters by format; MB of the file, which DOCX and ODT pack`,
        columns,
        lines,
      },
    ],
  }
}

async function importRow(book: Book, kind: string, maxSeconds: number): Promise<Row> {
  const { seconds, peaks, chapters } = await importOf(book)
  const size = figure(book.bytes.length / 1e6)
  return {
    what: `import of ${book.name} (${kind}, ${size} MB, ${chapters} chapters); peak RSS of the server and of the process that reads`,
    budget: `≤ ${maxSeconds} s; ≤ ${maxMb} MB`,
    measured: `${figure(seconds)} s; ${peaks.map(figure).join(' and ')} MB`,
    met: seconds <= maxSeconds && Math.max(...peaks) <= maxMb,
  }
}

async function importOf(book: Pick<Book, 'bytes' | 'fileName'>) {
  await using underTest = await startServerUnderTest()
  const before = performance.now()
  const watching = new AbortController()
  const reader = peakOfReader(underTest, watching.signal)
  const { chapters } = await underTest.server.add(book.bytes, book.fileName)
  const seconds = (performance.now() - before) / 1000
  watching.abort()
  const peaks = [residentMb(underTest.pid).peak, await reader]
  return { seconds, peaks, chapters: chapters.length }
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
