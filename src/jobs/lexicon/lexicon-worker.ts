import { parentPort, workerData } from 'node:worker_threads'
import { LexiconApplication } from '../../lexicon/lexicon-segments.ts'
import type { Block, Skip } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import type { CutChapter } from '../import/recut-chapters.ts'
import type { ChapterToSay, LexiconTask } from './lexicon-tasks.ts'

const lexicon = new LexiconApplication((workerData as LexiconTask).lexicon)

function say({ title, part, matter, text }: ChapterToSay): CutChapter | undefined {
  const blocks = JSON.parse(text.blocks) as Block[]
  if (!text.segments.includes('"plain":') && !lexicon.concerns(blocks)) return undefined
  const segments = lexicon.apply(blocks, JSON.parse(text.segments) as Segment[])
  if (JSON.stringify(segments) === text.segments) return undefined
  const skips = JSON.parse(text.skips) as Skip[]
  const head = { title, ...(part !== null && { part }), matter, blocks }
  const stored = toStoredChapter({ ...head, skips }, { segments, skips })
  return {
    text: { ...stored, blocks: text.blocks, skips: text.skips },
    runs: segments.length === 0 ? [] : [[0, 0, 0, 0, segments.length]],
  }
}

parentPort?.on('message', (chapters: readonly ChapterToSay[]) => {
  parentPort?.postMessage(chapters.map(say))
})
