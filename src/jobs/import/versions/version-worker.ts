import { parentPort, workerData } from 'node:worker_threads'
import { LexiconApplication } from '../../../lexicon/lexicon-segments.ts'
import type { Block, Skip } from '../../../novel/novel.ts'
import type { Segment } from '../../../novel/segment.ts'
import { matchMovedSegments } from '../../../novel/segment-anchors.ts'
import { type ChapterText, type StoredChapter, toStoredChapter } from '../../../novel/stored-chapter.ts'
import { mergeTexts } from '../../../segmenter/cut-chapters.ts'
import type { SegmentedText } from '../../../segmenter/restored-segments.ts'
import { cutPiece } from '../reread-places.ts'
import { chapterUnits, type ChapterUnit, type ComparedChapter } from './chapter-pieces.ts'
import { type CutSegments, graftedText } from './grafted-text.ts'
import { sentenceChanges } from './sentence-changes.ts'
import { sentencesOf, textAt, TextNumbers } from './sentences.ts'
import type {
  ComparedUnit,
  ComparedVersion,
  ComparisonInput,
  ComparisonOutput,
  ComparisonTask,
} from './version-messages.ts'

/** The thread compares one version with its novel. */
const { lexicon, wordList, cut, restored, preview } = workerData as ComparisonTask
const said = new LexiconApplication(lexicon)
const numbers = new TextNumbers()

function parsed({ text }: ChapterText): SegmentedText {
  return {
    blocks: JSON.parse(text.blocks) as Block[],
    skips: JSON.parse(text.skips) as Skip[],
    segments: JSON.parse(text.segments) as Segment[],
  }
}

function compared(chapter: ChapterText): ComparedChapter {
  const { blocks, segments } = parsed(chapter)
  const byBlock = Map.groupBy(sentencesOf(blocks, segments), ({ block }) => block)
  return {
    title: chapter.title,
    blocks: blocks.map((_, at) =>
      (byBlock.get(at) ?? []).map(({ text }) => ({ text: numbers.of(text), length: text.length })),
    ),
  }
}

/** Segments as an import does. */
async function cutter(): Promise<CutSegments> {
  const { readLexicon } = await import('../../../pronunciation/lexicon.ts')
  const { pronounceChapter } = await import('../../../pronunciation/pronounce.ts')
  const { segmentChapter } = await import('../../../segmenter/segmenter.ts')
  const { language } = lexicon
  const words = readLexicon(wordList === '' ? undefined : wordList)
  return (piece) => pronounceChapter(segmentChapter(piece, language), language, words)
}

async function compare(old: readonly ChapterText[], fresh: readonly ChapterText[]): Promise<ComparedVersion> {
  const units = chapterUnits(old.map(compared), fresh.map(compared), { cut })
  const cutSegments = restored ? await cutter() : undefined
  const made: ComparedUnit[] = []
  const spoken: number[][] = []
  const spokenOf = ({ blocks, segments }: SegmentedText): number[] =>
    segments.map((segment) => numbers.of(textAt(blocks, segment)))
  for (const unit of units) {
    const known = unit.old === undefined ? undefined : parsed(old[unit.old]!)
    const { text, row } = textOf(unit, fresh, known, cutSegments)
    spoken.push(spokenOf(text))
    const { changes, moreChanges, newSentences } = known
      ? sentenceChanges(known, text)
      : { changes: [], moreChanges: 0, newSentences: text.segments.length }
    made.push({
      ...unit,
      ...(row === undefined ? { text: storedText(fresh[unit.pieces[0]!.chapter]!, text) } : { row }),
      sentences: text.segments.length,
      changes,
      moreChanges,
      newSentences,
    })
  }
  return {
    units: made,
    runs: matchMovedSegments(
      old.map((each) => spokenOf(parsed(each))),
      spoken,
    ),
  }
}

/** The text of a unit; `row`: the chapter of the version that has exactly this. */
function textOf(
  { pieces }: ChapterUnit,
  fresh: readonly ChapterText[],
  old: SegmentedText | undefined,
  cutSegments: CutSegments | undefined,
): { readonly text: SegmentedText; readonly row?: number } {
  const [first, ...others] = pieces.map((piece) => ({ ...piece, text: parsed(fresh[piece.chapter]!) }))
  const { chapter, text: whole, end, start } = first!
  const isWhole = others.length === 0 && start === 0 && end === whole.blocks.length
  const plain = isWhole
    ? whole
    : others.map((piece) => cutPiece(piece.text, piece)).reduce(mergeTexts, cutPiece(whole, first!))
  const kept = old ? graftedText(old, plain, cutSegments) : plain
  const text = { ...kept, segments: said.apply(kept.blocks, kept.segments) }
  const stored = fresh[chapter]!.text
  const isRow =
    isWhole &&
    JSON.stringify(text.segments) === stored.segments &&
    JSON.stringify(text.skips) === stored.skips &&
    text.blocks.length === whole.blocks.length
  return { text, ...(isRow && { row: chapter }) }
}

function storedText({ title, part, matter }: ChapterText, text: SegmentedText): StoredChapter {
  const { blocks, skips } = text
  const stored = toStoredChapter({ title, ...(part !== null && { part }), matter, blocks, skips }, text)
  return preview ? { ...stored, blocks: '', skips: '', segments: '' } : stored
}

const all: { readonly old: ChapterText[]; readonly fresh: ChapterText[] } = { old: [], fresh: [] }

function answer(output: ComparisonOutput): void {
  parentPort?.postMessage(output)
}

parentPort?.on('message', (input: ComparisonInput) => {
  if ('end' in input) {
    void compare(all.old, all.fresh).then(answer)
    return
  }
  all.old.push(...input.old)
  all.fresh.push(...input.fresh)
  answer({ next: true })
})
