import { parentPort, workerData } from 'node:worker_threads'
import type { Block, Skip } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { matchSegments } from '../../novel/segment-runs.ts'
import { type StoredChapter, toStoredChapter } from '../../novel/stored-chapter.ts'
import { mergeTexts, splitText, titleOfBlock } from '../../segmenter/cut-chapters.ts'
import { restoreSkip, type SegmentedText } from '../../segmenter/restored-segments.ts'
import type { ChapterToEdit, EditedTexts, EditorInput } from './chapter-editor.ts'

/** The thread does one edit. */
const { chapters, edit, lexicon: said, wordList } = workerData as EditorInput

type Head = Pick<ChapterToEdit, 'title' | 'part' | 'matter'>

function stored({ title, part, matter }: Head, text: SegmentedText): StoredChapter {
  const { blocks, skips } = text
  return toStoredChapter({ title, ...(part !== null && { part }), matter, blocks, skips }, text)
}

async function edited(texts: readonly SegmentedText[]): Promise<[Head, SegmentedText][] | undefined> {
  const [first, ...others] = texts
  const [head] = chapters
  if (!first || !head) return undefined
  if (edit.kind === 'merge') {
    if (others.length === 0) return undefined
    const title = chapters.find((chapter) => chapter.title !== '')?.title ?? ''
    return [[{ ...head, title }, others.reduce(mergeTexts, first)]]
  }
  if (edit.kind === 'split') {
    if (edit.block < 1 || edit.block >= first.blocks.length) return undefined
    const [before, after] = splitText(first, edit.block)
    const title = edit.title ?? titleOfBlock(after.blocks[0]) ?? `${head.title} (2)`
    return [
      [head, before],
      [{ ...head, title }, after],
    ]
  }
  // Loaded only here: cutting chapters needs none of it, and it takes longer than that.
  const { readLexicon } = await import('../../pronunciation/lexicon.ts')
  const { pronounceChapter } = await import('../../pronunciation/pronounce.ts')
  const { segmentChapter } = await import('../../segmenter/segmenter.ts')
  const { LexiconApplication } = await import('../../lexicon/lexicon-segments.ts')
  const { language } = said
  const lexicon = readLexicon(wordList)
  const words = new LexiconApplication(said)
  const restored = texts.map((text, at): [Head, SegmentedText] => {
    // From the last on: what is restored comes out of the list, and new skips come behind it.
    for (const index of (edit.skips[at] ?? []).toSorted((one, other) => other - one)) {
      const after = restoreSkip(text, index, (piece) => {
        const cut = pronounceChapter(segmentChapter(piece, language), language, lexicon)
        return { ...cut, segments: words.apply(piece.blocks, cut.segments) }
      })
      if (!after) continue
      text = after
    }
    return [chapters[at]!, text]
  })
  return restored.some(([, text], at) => text !== texts[at]) ? restored : undefined
}

async function run(): Promise<EditedTexts | undefined> {
  const texts = chapters.map(({ text }): SegmentedText => ({
    blocks: JSON.parse(text.blocks) as Block[],
    skips: JSON.parse(text.skips) as Skip[],
    segments: JSON.parse(text.segments) as Segment[],
  }))
  const after = await edited(texts)
  if (!after) return undefined
  const spoken = (text: SegmentedText): string[] => text.segments.map((segment) => segment.spoken)
  return {
    chapters: after.map(([head, text]) => stored(head, text)),
    runs: matchSegments(
      texts.map(spoken),
      after.map(([, text]) => spoken(text)),
    ),
  }
}

parentPort?.postMessage(await run())
