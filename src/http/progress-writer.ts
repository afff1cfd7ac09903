import { z } from 'zod'
import type { ChapterRow } from '../database/chapters.ts'
import type { ChapterProgress, DetailedProgress } from '../generation/progress.ts'
import { progress, progressChapter } from './contract.ts'
import { responseSerializer } from './contract-writer.ts'

/** What is written anew when one of them changes: small against a novel, large against what it takes to compare. */
const chaptersPerBatch = 32

const serializeChapters = responseSerializer(z.array(progressChapter))
const serializeSummary = responseSerializer(
  z.object({ success: z.literal(true), progress: progress.omit({ chapters: true }) }),
)

interface SerializedChapters {
  readonly each: readonly ChapterProgress[]
  /** JSON, UTF-8: the chapters of one stretch after another, without brackets. */
  readonly stretches: readonly Buffer[]
}

/**
 * Writes how far a generation is. Of two thousand chapters a few change from one question to the next: the others'
 * bytes are kept, or writing them would take the server longer than all the rest of the answer.
 */
export class ProgressSerializer {
  /** By the generation's own list of chapters, and gone with it. */
  readonly #written = new WeakMap<readonly ChapterRow[], SerializedChapters>()

  /** JSON, UTF-8. `around`: all but the chapters. */
  serialize(
    around: Omit<z.infer<typeof progress>, 'chapters'>,
    { chapters, chapterProgress }: Pick<DetailedProgress, 'chapters' | 'chapterProgress'>,
  ): Buffer {
    const before = this.#written.get(chapters)
    const stretches: Buffer[] = []
    for (let from = 0; from < chapters.length; from += chaptersPerBatch) {
      const to = Math.min(chapters.length, from + chaptersPerBatch)
      const kept = before?.stretches[from / chaptersPerBatch]
      const same = kept && isUnchanged(before.each, chapterProgress, from, to)
      stretches.push(same ? kept : serializeBatch(chapters, chapterProgress, from, to))
    }
    this.#written.set(chapters, { each: chapterProgress, stretches })
    const text = serializeSummary({ success: true, progress: around })
    return Buffer.concat([
      Buffer.from(`${text.slice(0, -2)},"chapters":[`),
      ...stretches.flatMap((stretch, at) => (at === 0 ? [stretch] : [comma, stretch])),
      Buffer.from(']}}'),
    ])
  }
}

const comma = Buffer.from(',')

function isUnchanged(
  before: readonly ChapterProgress[],
  now: readonly ChapterProgress[],
  from: number,
  to: number,
): boolean {
  for (let at = from; at < to; at++) {
    if (before[at]?.done !== now[at]?.done || before[at]?.status !== now[at]?.status) return false
  }
  return true
}

function serializeBatch(
  chapters: readonly ChapterRow[],
  each: readonly ChapterProgress[],
  from: number,
  to: number,
): Buffer {
  const answers = chapters.slice(from, to).map(({ number, title, segmentCount }, at) => ({
    chapterNumber: number,
    title,
    status: each[from + at]?.status,
    segmentsTotal: segmentCount,
    segmentsDone: each[from + at]?.done,
  }))
  return Buffer.from(serializeChapters(answers).slice(1, -1))
}
