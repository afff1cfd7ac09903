import { parentPort, workerData } from 'node:worker_threads'
import type { Block, Skip } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { restoreSkip } from '../../segmenter/restored-segments.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import type { RestoredChapter, RestorerInput } from './skip-restorer.ts'

/** The thread processes one chapter. */
const { title, part, matter, text, index, language, wordList } = workerData as RestorerInput

function restored(): RestoredChapter | undefined {
  const lexicon = readLexicon(wordList)
  const chapter = {
    blocks: JSON.parse(text.blocks) as Block[],
    skips: JSON.parse(text.skips) as Skip[],
    segments: JSON.parse(text.segments) as Segment[],
  }
  const after = restoreSkip(chapter, index, (piece) =>
    pronounceChapter(segmentChapter(piece, language), language, lexicon),
  )
  if (after === undefined) return undefined
  const { blocks, skips, change } = after
  const head = { title, ...(part !== null && { part }), matter }
  return { written: toStoredChapter({ ...head, blocks, skips }, after), change }
}

parentPort?.postMessage(restored())
