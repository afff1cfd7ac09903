import { flushCompileCache } from 'node:module'
import { setImmediate as breathe } from 'node:timers/promises'
import { importBook } from '../importer/importer.ts'
import { Failure } from '../novel/failure.ts'
import { type WrittenChapter, writeChapter } from '../novel/written-chapter.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import type { ReaderMessage } from './read-book.ts'

/** The process's whole life: one book. Anything but a `Failure` ends it with that error. */
const [path = '', fileName = ''] = process.argv.slice(2)

/** Enough to keep commits few, little enough that none of them holds the server up. */
const segmentsPerMessage = 2000

/** Resolves when the message is on its way, of which the pipe holds less than one. */
function say(message: ReaderMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}

async function read(): Promise<void> {
  const { chapters, ...head } = await importBook(path, fileName)
  let said = say({ head })
  let [batch, inBatch, segments]: [WrittenChapter[], number, number] = [[], 0, 0]
  for (const chapter of chapters) {
    const written = writeChapter(chapter, segmentChapter(chapter, head.language))
    batch.push(written)
    inBatch += written.words.length
    segments += written.words.length
    // Messages go out only between two turns of the loop: the server writes down some chapters while the next are cut.
    await breathe()
    if (inBatch < segmentsPerMessage) continue
    await said
    said = say({ chapters: batch })
    batch = []
    inBatch = 0
  }
  if (segments === 0) throw new Failure('novel.no-text', { file: fileName })
  await say({ chapters: batch })
  // At its end the reader is killed; what was compiled is kept before that, for the next one.
  flushCompileCache()
  await say({ end: true })
}

process.on('disconnect', () => process.exit(1))
try {
  await read()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  await say({ code: error.code, details: error.details })
}
