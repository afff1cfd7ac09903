import { parentPort, workerData } from 'node:worker_threads'
import { LexiconApplication } from '../../lexicon/lexicon-segments.ts'
import type { Block } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { withSegments } from '../../novel/stored-chapter.ts'
import type { CutChapter } from '../import/recut-chapters.ts'
import type { ChapterToSay, LexiconTask } from './lexicon-tasks.ts'

const lexicon = new LexiconApplication((workerData as LexiconTask).lexicon)

function say(chapter: ChapterToSay): CutChapter | undefined {
  const { text } = chapter
  const blocks = JSON.parse(text.blocks) as Block[]
  if (!text.segments.includes('"plain":') && !lexicon.concerns(blocks)) return undefined
  const segments = lexicon.apply(blocks, JSON.parse(text.segments) as Segment[])
  if (JSON.stringify(segments) === text.segments) return undefined
  return {
    text: withSegments(chapter, blocks, segments),
    runs: segments.length === 0 ? [] : [[0, 0, 0, 0, segments.length]],
  }
}

parentPort?.on('message', (chapters: readonly ChapterToSay[]) => {
  parentPort?.postMessage(chapters.map(say))
})
