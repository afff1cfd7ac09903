import { importBook } from '../importer/importer.ts'
import { Failure } from '../novel/failure.ts'
import { type WrittenChapter, writeChapter } from '../novel/written-chapter.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import type { ReaderMessage } from './read-book.ts'

/** The process's whole life: one book. Anything but a `Failure` ends it with that error. */
const [path = '', fileName = ''] = process.argv.slice(2)

/** Enough to keep commits few, little enough that none of them holds the server up. */
const segmentsPerMessage = 2000

function say(message: ReaderMessage): void {
  process.send?.(message)
}

async function read(): Promise<void> {
  const { chapters, ...head } = await importBook(path, fileName)
  say({ head })
  let [batch, inBatch, segments]: [WrittenChapter[], number, number] = [[], 0, 0]
  for (const chapter of chapters) {
    const written = writeChapter(chapter, segmentChapter(chapter, head.language))
    batch.push(written)
    inBatch += written.words.length
    segments += written.words.length
    if (inBatch < segmentsPerMessage) continue
    say({ chapters: batch })
    batch = []
    inBatch = 0
  }
  if (segments === 0) throw new Failure('novel.no-text', { file: fileName })
  say({ chapters: batch })
  say({ end: true })
}

process.on('disconnect', () => process.exit(1))
try {
  await read()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  say({ code: error.code, details: error.details })
}
