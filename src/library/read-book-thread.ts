import { parentPort, workerData } from 'node:worker_threads'
import { importBook } from '../importer/importer.ts'
import { Failure } from '../novel/failure.ts'
import { segmentChapter } from '../segmenter/segmenter.ts'
import type { ReadBookAnswer } from './read-book.ts'

/** The thread's whole life: one book. Anything but a `Failure` ends it with that error. */
const { path, fileName } = workerData as { path: string; fileName: string }

async function answer(): Promise<ReadBookAnswer> {
  try {
    const novel = await importBook(path, fileName)
    const segmented = novel.chapters.map((chapter) => segmentChapter(chapter, novel.language))
    if (segmented.every(({ segments }) => segments.length === 0)) {
      throw new Failure('novel.no-text', { file: fileName })
    }
    return { book: { novel, segmented } }
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, details: error.details }
    throw error
  }
}

parentPort?.postMessage(await answer())
