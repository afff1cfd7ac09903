import { createHash } from 'node:crypto'
import { layOutBook } from '../audio/m4b.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Application } from '../generation/studio.ts'
import { yieldToEventLoop } from '../generation/turns.ts'
import { Failure } from '../novel/failure.ts'
import type { ChapterSelection } from './book-chapters.ts'
import type { M4bLayoutCache } from './book-layouts.ts'
import { type M4bPlan, embeddableCover, planM4b } from './book-plan.ts'
import type { Rendition } from './rendition.ts'

/** While they are counted nobody knows how many there will be; no number is longer than this one. */
const unknownPart = { number: 9999, of: 9999 }

/**
 * The chapters of one of the files into which these are divided so that none has more than `maxBytes`, header and cover
 * included: each is filled with whole chapters as far as they go, and only a chapter that is larger by itself makes a
 * larger file. Throws `export.no-part` behind the last.
 */
export async function partBySize(
  studio: Application,
  layouts: M4bLayoutCache,
  novel: NovelRow,
  chapters: ChapterSelection,
  { number, maxBytes }: { readonly number: number; readonly maxBytes: number },
): Promise<ChapterSelection> {
  const { ready } = chapters
  if (ready.length === 0) return chapters
  const plan = (some: readonly Rendition[]): M4bPlan =>
    planM4b(studio, novel, { ...chapters, ready: some, part: unknownPart })
  const checksums = ready.map(({ counts }) => counts.checksums)
  const id = createHash('sha256').update(JSON.stringify([novel.id, maxBytes, plan(ready), checksums]))
  const ends = await layouts.partEndsOf(id.digest('hex'), async () => {
    const cover = await embeddableCover(studio, novel)
    const found: number[] = []
    const fits = (some: readonly Rendition[]): boolean => {
      const { named, tags } = plan(some)
      return layOutBook(named, { ...tags, ...(cover && { cover }) }).size <= maxBytes
    }
    for (let from = 0; from < ready.length; await yieldToEventLoop()) {
      from = endOfPart(ready, from, maxBytes, fits)
      found.push(from)
    }
    return found
  })
  const of = ends.length
  if (number <= of) {
    const some = ready.slice(ends[number - 2] ?? 0, ends[number - 1])
    return { ...chapters, ready: some, ...(of > 1 && { part: { number, of } }) }
  }
  const detail = `With at most ${maxBytes} bytes each there ${of === 1 ? 'is 1 part' : `are ${of} parts`}`
  throw new Failure('export.no-part', { part: number, detail })
}

/** Behind the last chapter that fits, by halving: laying out is cheap, but not for each chapter of thousands. */
function endOfPart(
  ready: readonly Rendition[],
  from: number,
  maxBytes: number,
  fits: (some: readonly Rendition[]) => boolean,
): number {
  let upperBound = from
  for (let audioBytes = 0; upperBound < ready.length && audioBytes <= maxBytes; upperBound++)
    audioBytes += ready[upperBound]!.counts.bytes
  let low = from + 1
  let high = upperBound
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(ready.slice(from, middle))) low = middle
    else high = middle - 1
  }
  return low
}
