import { createInterface } from 'node:readline'
import { LexiconApplication } from '../../lexicon/lexicon-segments.ts'
import { readByRules } from '../../importer/format-registry.ts'
import { importBook } from '../../importer/importer.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import { Failure } from '../../novel/failure.ts'
import { type Chapter, characterCount } from '../../novel/novel.ts'
import { withOpening } from '../../novel/segment.ts'
import { matchMovedSegments } from '../../novel/segment-anchors.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { mergeTexts } from '../../segmenter/cut-chapters.ts'
import type { SegmentedText } from '../../segmenter/restored-segments.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import type { ReaderTask } from './book-reader.ts'
import { PresentChapters } from './present-chapters.ts'
import { sendInBatches, sendPart } from './reader-output.ts'
import { cutPiece, type Piece, placePresent } from './reread-places.ts'
import type {
  PresentChapter,
  PresentLexicon,
  RereadChapter,
  RereadTask,
  RuleOutcome,
} from './reread-messages.ts'

/** Reads a book again, in the reader process, and sends its chapters and what they have in common with those on the input. */
export async function rereadBook(task: ReaderTask, again: RereadTask): Promise<void> {
  if (again.kind === 'rules') return sendRules(task)
  if (again.kind === 'outline') return sendOutline(task, again)
  const present = new PresentChapters()
  let said = new LexiconApplication({ language: again.language, scopes: [] })
  for await (const line of createInterface({ input: process.stdin })) {
    const known = JSON.parse(line) as PresentChapter | PresentLexicon
    if ('lexicon' in known) said = new LexiconApplication(known.lexicon)
    else present.add(known)
  }
  const { chapters } = await importBook(task.path, task.fileName, again.rule)
  const lexicon = readLexicon(task.wordList === '' ? undefined : task.wordList)
  const spoken: number[][] = []
  let unfound = 0
  const segmentedText = (chapter: Chapter): SegmentedText => {
    const plain = pronounceChapter(segmentChapter(chapter, again.language), again.language, lexicon)
    const segmented = present.opens ? withOpening(plain) : plain
    return {
      blocks: chapter.blocks,
      skips: segmented.skips,
      segments: said.apply(chapter.blocks, segmented.segments),
    }
  }
  const reread = (
    head: Omit<Chapter, 'blocks' | 'skips'>,
    text: SegmentedText,
    at?: number,
  ): RereadChapter => {
    const stored = toStoredChapter({ ...head, blocks: text.blocks, skips: text.skips }, text)
    spoken.push(text.segments.map((segment) => present.numberOf(segment.spoken)))
    const known = present.withText(stored, at)
    const { title, narrated } = present.heads[known ?? at ?? -1] ?? stored
    const part = head.part !== undefined && { part: head.part }
    if (known !== undefined) return { kept: known, title, ...part, narrated }
    const texts = again.preview ? { blocks: '', skips: '', segments: '' } : {}
    return { ...stored, narrated: narrated && text.segments.length > 0, ...texts }
  }
  function* byHeadings(): Generator<RereadChapter> {
    for (const chapter of chapters) yield reread(chapter, segmentedText(chapter))
  }
  /** The chapters that are there, with the texts of the file where it has them. */
  function* byPlaces(): Generator<RereadChapter> {
    const known = new Map<number, SegmentedText>()
    const pieceText = (piece: Piece): SegmentedText => {
      const text = known.get(piece.chapter) ?? segmentedText(chapters[piece.chapter]!)
      known.set(piece.chapter, text)
      return cutPiece(text, piece)
    }
    for (const [at, pieces] of placePresent(present, chapters).entries()) {
      const { title, part: own, narrated } = present.heads[at]!
      const part = own !== null && { part: own }
      const [first, ...others] = pieces ?? []
      if (first) {
        const { matter } = chapters[first.chapter]!
        yield reread(
          { title, ...part, matter },
          others.map(pieceText).reduce(mergeTexts, pieceText(first)),
          at,
        )
        continue
      }
      unfound++
      spoken.push([...present.spoken[at]!])
      yield { kept: at, title, ...part, narrated }
    }
  }
  const isPlaced = again.kind === 'texts'
  const sizeOf = (chapter: RereadChapter): number => ('kept' in chapter ? 1 : chapter.textHashes.length)
  await sendInBatches(isPlaced ? byPlaces() : byHeadings(), sizeOf, (batch) => ({ reread: batch }))
  if (!spoken.some(({ length }) => length > 0)) throw new Failure('novel.no-text', { file: task.fileName })
  await sendPart({ runs: again.preview ? [] : matchMovedSegments(present.spoken, spoken), unfound })
}

async function sendOutline({ path, fileName }: ReaderTask, { rule }: RereadTask): Promise<void> {
  const { chapters } = await importBook(path, fileName, rule)
  await sendPart({
    outline: chapters.map(({ title, part, matter, blocks }) => ({
      title,
      ...(part !== undefined && { part }),
      characters: characterCount({ blocks }),
      narrated: matter === 'body',
    })),
  })
}

const shownTitles = 3
/** Shown whatever they give. */
const always: readonly HeadingRule['kind'][] = ['automatic', 'none', 'length']

async function sendRules({ path, fileName }: ReaderTask): Promise<void> {
  const rules: RuleOutcome[] = []
  const seen = new Set<string>()
  for await (const [rule, chapters] of readByRules(path, fileName)) {
    const names = chapters.map(({ title }) => title)
    const key = JSON.stringify(names)
    // One that finds nothing, or what another finds, is no choice.
    if (!always.includes(rule.kind) && (names.length < 2 || seen.has(key))) continue
    seen.add(key)
    rules.push({ rule, chapters: names.length, titles: names.slice(0, shownTitles) })
  }
  await sendPart({ rules })
}
