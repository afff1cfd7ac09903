import { type Book, largeEpub, largeText } from './books.ts'
import { figure } from './figures.ts'
import { residentMb } from './processes.ts'
import type { Measured, Row } from './report.ts'
import { startStudio } from './studio-process.ts'

const mostMb = 200

/** A large book from its upload to its answer, on a fresh server each: seconds, and the most memory it ever took. */
export async function measureImport(): Promise<Measured> {
  return { rows: [await importRow(await largeEpub(), 'EPUB', 2), await importRow(largeText(), 'TXT', 1)] }
}

async function importRow(book: Book, kind: string, mostSeconds: number): Promise<Row> {
  await using studio = await startStudio()
  const before = performance.now()
  const { chapters } = await studio.server.add(book.bytes, book.fileName)
  const seconds = (performance.now() - before) / 1000
  const { peak } = residentMb(studio.pid)
  const size = figure(book.bytes.length / 1e6)
  return {
    what: `import of ${book.name} (${kind}, ${size} MB, ${chapters.length} chapters), server's peak RSS`,
    budget: `≤ ${mostSeconds} s, ≤ ${mostMb} MB`,
    measured: `${figure(seconds)} s, ${figure(peak)} MB`,
    met: seconds <= mostSeconds && peak <= mostMb,
  }
}
