import { on } from 'node:events'
import { flushCompileCache } from 'node:module'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { importBook } from '../../importer/importer.ts'
import { Failure } from '../../novel/failure.ts'
import { withOpening } from '../../novel/segment.ts'
import { type StoredChapter, toStoredChapter } from '../../novel/stored-chapter.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'
import type { ReaderMessage } from './book-reader.ts'

/** The process's whole life: one book. Anything but a `Failure` ends it with that error. */
const [path = '', fileName = '', cpuSeconds = '', wordListPath = ''] = process.argv.slice(2)

/** Enough to keep commits few, little enough that none of them holds the server up. */
const segmentsPerMessage = 1000
/** Parts on their way or being written down. */
const maxUnacknowledgedParts = 2
/** Resident bytes: the heap's limit, and as much again for what lies outside it (the file itself, decoded text). */
const memoryLimit = 2 * 1024 ** 3

limitProcess({ memory: memoryLimit, cpuSeconds: Number(cpuSeconds) })
process.on('disconnect', () => process.exit(1))
const acknowledgements = on(process, 'message')
let unacknowledgedParts = 0

/** Resolves when the message is on its way, of which the pipe holds less than one. */
function sendMessage(message: ReaderMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}

/** Says a part when the server has written down enough of those before. */
async function sendPart(message: ReaderMessage): Promise<void> {
  if (unacknowledgedParts >= maxUnacknowledgedParts) {
    await acknowledgements.next()
    unacknowledgedParts--
  }
  unacknowledgedParts++
  await sendMessage(message)
}

async function read(): Promise<void> {
  const { chapters, ...head } = await importBook(path, fileName)
  const lexicon = readLexicon(wordListPath === '' ? undefined : wordListPath)
  let said = sendPart({ head })
  let [batch, inBatch, segments]: [StoredChapter[], number, number] = [[], 0, 0]
  for (const chapter of chapters) {
    const written = toStoredChapter(
      chapter,
      withOpening(pronounceChapter(segmentChapter(chapter, head.language), head.language, lexicon)),
    )
    batch.push(written)
    inBatch += written.textHashes.length
    segments += written.textHashes.length
    // Messages go out only between two turns of the loop: the server writes down some chapters while the next are cut.
    await yieldToEventLoop()
    if (inBatch < segmentsPerMessage) continue
    await said
    said = sendPart({ chapters: batch })
    batch = []
    inBatch = 0
  }
  if (segments === 0) throw new Failure('novel.no-text', { file: fileName })
  await said
  await sendPart({ chapters: batch })
  // At its end the reader is killed; what was compiled is kept before that, for the next one.
  flushCompileCache()
  await sendMessage({ end: true })
}

try {
  await read()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  await sendMessage({ code: error.code, details: error.details })
}
