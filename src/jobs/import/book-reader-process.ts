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

/** The process reads one book. A `Failure` is sent to the server; any other error ends the process. */
const [path = '', fileName = '', cpuSeconds = '', wordList = ''] = process.argv.slice(2)

/** Large enough to keep commits few, small enough that no commit blocks the server. */
const segmentsPerMessage = 1000
/** Parts in transit or being stored. */
const maxUnacknowledgedParts = 2
/** Resident bytes: the heap's limit, and as much again outside of it (the file itself, decoded text). */
const memoryLimit = 2 * 1024 ** 3

limitProcess({ memory: memoryLimit, cpuSeconds: Number(cpuSeconds) })
process.on('disconnect', () => process.exit(1))
const acknowledgements = on(process, 'message')
let unacknowledgedParts = 0

/** Resolves when the message is written to the pipe, which holds less than one message. */
function sendMessage(message: ReaderMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}

/** Sends a part when the server has acknowledged enough of those before. */
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
  const lexicon = readLexicon(wordList === '' ? undefined : wordList)
  let sent = sendPart({ head })
  let [batch, inBatch, segments]: [StoredChapter[], number, number] = [[], 0, 0]
  for (const chapter of chapters) {
    const stored = toStoredChapter(
      chapter,
      withOpening(pronounceChapter(segmentChapter(chapter, head.language), head.language, lexicon)),
    )
    batch.push(stored)
    inBatch += stored.textHashes.length
    segments += stored.textHashes.length
    // Messages are sent only between turns of the event loop: the server stores a batch while the next is segmented.
    await yieldToEventLoop()
    if (inBatch < segmentsPerMessage) continue
    await sent
    sent = sendPart({ chapters: batch })
    batch = []
    inBatch = 0
  }
  if (segments === 0) throw new Failure('novel.no-text', { file: fileName })
  await sent
  await sendPart({ chapters: batch })
  // The server kills the process after the end message: the compile cache is saved for the next reader before.
  flushCompileCache()
  await sendMessage({ end: true })
}

try {
  await read()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  await sendMessage({ code: error.code, details: error.details })
}
