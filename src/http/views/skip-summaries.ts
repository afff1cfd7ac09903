import { LRUCache } from 'lru-cache'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { Block, Skip, SkipReason } from '../../novel/novel.ts'
import { isRestorable, skippedText } from '../../novel/skip-texts.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chapterBatches } from '../../storage/queries/chapter-batches.ts'
import { type ChapterSize, storedTexts } from '../../storage/queries/chapter-queries.ts'
import { parseStoredJson } from '../../storage/queries/column-values.ts'
import type { SkippedText } from '../contract/coverage-contract.ts'

/** Characters of a skipped text that are shown. */
const mostShown = 600
/** Skips of a reason that are kept of a chapter, to be shown for the novel. */
export const examplesPerReason = 3
/** Characters of examples that are kept in all, and the cost of a chapter besides. */
const mostUnits = 8_000_000
const chapterCost = 200

/** A skip of a chapter, whose number may change. */
export type ChapterSkip = Omit<SkippedText, 'chapterNumber'>

/** What of a chapter is not spoken. */
export interface SkipSummary {
  /** Characters within its blocks, and characters that were taken out of them. */
  readonly inBlocks: number
  readonly takenOut: number
  readonly count: number
  readonly reasons: ReadonlyMap<SkipReason, ReasonSummary>
}

interface ReasonSummary {
  readonly count: number
  readonly characters: number
  readonly restorable: number
  readonly examples: readonly ChapterSkip[]
}

/**
 * Summaries of chapters by their ids, so that a novel of 2,000 chapters is read once. The text of an id never changes:
 * an edited chapter has another.
 */
export class SkipSummaries {
  readonly #known = new LRUCache<number, SkipSummary>({ maxSize: mostUnits, sizeCalculation: sizeOf })

  /** In order. Reads the texts of those chapters that are not known. */
  async *of(
    db: Database,
    chapters: readonly ChapterSize[],
  ): AsyncGenerator<readonly [chapter: ChapterSize, summary: SkipSummary]> {
    for (const batch of chapterBatches(chapters)) {
      const missing = batch.filter(({ id }) => !this.#known.has(id))
      const read = new Map<number, SkipSummary>()
      const stored =
        missing.length === 0
          ? undefined
          : await storedTexts(
              db,
              missing.map(({ id }) => id),
            )
      for (const [id, { blocks, skips }] of stored ?? []) {
        read.set(id, summaryOf(parseStoredJson(blocks) as Block[], parseStoredJson(skips) as Skip[]))
        await yieldToEventLoop()
      }
      for (const chapter of batch) {
        // One that was replaced meanwhile has no text.
        const summary = read.get(chapter.id) ?? this.#known.get(chapter.id) ?? summaryOf([], [])
        this.#known.set(chapter.id, summary)
        yield [chapter, summary]
      }
    }
  }
}

function summaryOf(blocks: readonly Block[], skips: readonly Skip[]): SkipSummary {
  let [inBlocks, takenOut] = [0, 0]
  const reasons = new Map<SkipReason, ReasonSummary>()
  for (const [index, skip] of skips.entries()) {
    const text = skippedText(blocks, skip)
    if (skip.start < skip.end) inBlocks += skip.end - skip.start
    else takenOut += text.length
    const item = viewChapterSkip(index, skip, text)
    const known = reasons.get(skip.reason) ?? { count: 0, characters: 0, restorable: 0, examples: [] }
    const isExample = known.examples.length < examplesPerReason && item.text !== ''
    reasons.set(skip.reason, {
      count: known.count + 1,
      characters: known.characters + text.length,
      restorable: known.restorable + (item.restorable ? 1 : 0),
      examples: isExample ? [...known.examples, item] : known.examples,
    })
  }
  return { inBlocks, takenOut, count: skips.length, reasons }
}

export function viewChapterSkip(index: number, { reason }: Skip, text: string): ChapterSkip {
  const plain = text.trim()
  return {
    index,
    reason,
    text: plain.length > mostShown ? `${plain.slice(0, mostShown - 1)}…` : plain,
    characters: text.length,
    restorable: isRestorable(reason, plain),
  }
}

function sizeOf({ reasons }: SkipSummary): number {
  let size = chapterCost
  for (const { examples } of reasons.values())
    for (const { text } of examples) size += chapterCost + text.length
  return size
}
