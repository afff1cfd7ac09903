import { flushCompileCache } from 'node:module'
import { importBook, rangeFailure } from '../../importer/importer.ts'
import { LexiconApplication } from '../../lexicon/lexicon-segments.ts'
import { Failure } from '../../novel/failure.ts'
import { withOpening } from '../../novel/segment.ts'
import { type StoredChapter, toStoredChapter } from '../../novel/stored-chapter.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'
import type { ReaderTask } from './book-reader.ts'
import { sendHead, sendInBatches, sendMessage } from './reader-output.ts'

/** The process reads one book. A `Failure` is sent to the server; any other error ends the process. */
const task = JSON.parse(process.argv[2] ?? '{}') as ReaderTask

/** Resident bytes: the heap's limit, and as much again outside of it (the file itself, decoded text). */
const memoryLimit = 2 * 1024 ** 3

limitProcess({ memory: memoryLimit, cpuSeconds: task.cpuSeconds })
process.on('disconnect', () => process.exit(1))

async function read({ path, fileName, wordList, rule }: ReaderTask): Promise<void> {
  const { chapters, ...head } = await importBook(path, fileName, rule)
  const lexicon = readLexicon(wordList === '' ? undefined : wordList)
  const said = new LexiconApplication((await sendHead({ head })) ?? { language: head.language, scopes: [] })
  let segments = 0
  function* stored(): Generator<StoredChapter> {
    for (const chapter of chapters) {
      const plain = pronounceChapter(segmentChapter(chapter, head.language), head.language, lexicon)
      segments += plain.segments.length
      const segmented = withOpening(plain)
      yield toStoredChapter(chapter, {
        ...segmented,
        segments: said.apply(chapter.blocks, segmented.segments),
      })
    }
    if (segments === 0) throw new Failure('novel.no-text', { file: fileName })
  }
  const sizeOf = ({ textHashes }: StoredChapter): number => textHashes.length
  await sendInBatches(stored(), sizeOf, (batch) => ({ chapters: batch }))
}

try {
  if (task.again) await (await import('./reread-book.ts')).rereadBook(task, task.again)
  else await read(task)
  // The server kills the process after the end message: the compile cache is saved for the next reader before.
  flushCompileCache()
  await sendMessage({ end: true })
} catch (error) {
  const failure = rangeFailure(error, task.fileName)
  if (!(failure instanceof Failure)) throw failure
  await sendMessage({ code: failure.code, details: failure.details })
}
