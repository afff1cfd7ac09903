import type { Mark, Reading, Skip, Chapter } from '../../novel/novel.ts'
import { Failure } from '../../novel/failure.ts'
import type { TracedBlock } from '../clean-text.ts'

/**
 * Maximum UTF-16 units of a chapter, five hours of speech; the longest chapters of printed novels have 250,000. A
 * chapter is opened, laid out and deleted at once, so its size bounds how long that takes.
 */
const maxChapterCharacters = 300_000
/** Characters of each part of a divided chapter, of the maximum. */
export const usualShare = 0.8
/** Overhead of a block in characters, so that a list of one-letter lines counts as large too. */
const blockCost = 60

/** The largest web novels have 20 million characters in 7,000 chapters. */
const maxNovelCharacters = 60_000_000
const maxChapters = 20_000

/** Throws `novel.hostile` for a novel that is larger than any real one. */
export function rejectOversized(chapters: readonly Chapter[]): void {
  const refused = (detail: string) => new Failure('novel.hostile', { detail })
  if (chapters.length > maxChapters) {
    throw refused(`it has more than ${maxChapters.toLocaleString('en')} chapters`)
  }
  let size = 0
  for (const { blocks } of chapters) for (const block of blocks) size += blockWeight(block)
  if (size > maxNovelCharacters)
    throw refused(`it holds more than ${maxNovelCharacters / 1e6} million characters of text`)
}

/**
 * Divides oversized chapters into parts of about equal size, between paragraphs where possible, else inside one. The
 * part's number is appended to the title.
 */
export function divideLongChapters(
  chapters: readonly Chapter[],
  longest: number = maxChapterCharacters,
): Chapter[] {
  return chapters.flatMap((chapter) => divideChapter(chapter, longest))
}

function divideChapter(chapter: Chapter, longest: number): Chapter[] {
  const weight = chapter.blocks.reduce((sum, block) => sum + blockWeight(block), 0)
  if (weight <= longest) return [chapter]
  // Blocks of a real book are far below this, and stay as they are.
  const { blocks, skips } = weight <= maxChapterCharacters ? chapter : cutBlocks(chapter)
  const bounds = boundsOf(blocks, usualShare * longest)
  const skipsOf: Skip[][] = bounds.map(() => [])
  let part = 0
  for (const skip of skips.toSorted((a, b) => a.block - b.block)) {
    while (skip.block >= (bounds[part + 1] ?? Infinity)) part++
    skipsOf[part]!.push({ ...skip, block: skip.block - bounds[part]! })
  }
  return bounds.map((start, index) => ({
    ...chapter,
    title: `${chapter.title} (${index + 1}/${bounds.length})`,
    blocks: blocks.slice(start, bounds[index + 1]),
    skips: skipsOf[index]!,
  }))
}

function blockWeight({ text }: Pick<TracedBlock, 'text'>): number {
  return text.length + blockCost
}

/**
 * Indices of the first block of each part, chosen nearest to equal shares of the text. A heading stays with what
 * follows it.
 */
function boundsOf(blocks: readonly TracedBlock[], wanted: number): number[] {
  const whole = blocks.reduce((sum, block) => sum + blockWeight(block), 0)
  const share = whole / Math.ceil(whole / wanted)
  const bounds = [0]
  let before = 0
  blocks.forEach((block, index) => {
    if (before + blockWeight(block) / 2 > bounds.length * share) {
      let start = index
      while (start - 1 > bounds.at(-1)! && blocks[start - 1]!.kind === 'heading') start--
      if (start > bounds.at(-1)!) bounds.push(start)
    }
    before += blockWeight(block)
  })
  return bounds
}

/** Cuts blocks to at most a fifth of a chapter, so that no part exceeds the maximum; no character is added or lost. */
function cutBlocks({ blocks, skips }: Chapter): { blocks: TracedBlock[]; skips: Skip[] } {
  const limit = maxChapterCharacters / 5
  const cut: TracedBlock[] = []
  const moved: Skip[] = []
  const skipsOf = Map.groupBy(skips, ({ block }) => block)
  blocks.forEach((block: TracedBlock, index) => {
    const own = skipsOf.get(index) ?? []
    for (let start = 0; start === 0 || start < block.text.length;) {
      const end = endOf(block.text, start, limit)
      const last = end === block.text.length
      for (const skip of own) {
        const { start: from, end: to } = skip
        // An empty skip at a cut belongs to the following part; one across a cut is split.
        const here = from === to ? from >= start && (last || from < end) : from < end && to > start
        if (!here) continue
        moved.push({
          ...skip,
          block: cut.length,
          start: Math.max(from, start) - start,
          end: Math.min(to, end) - start,
        })
      }
      cut.push({
        ...block,
        text: block.text.slice(start, end),
        ...(block.trace && { trace: block.trace.slice(start, end) }),
        ...(block.readings && { readings: readingsIn(block.readings, start, end) }),
        ...(block.marks && { marks: marksIn(block.marks, start, end) }),
      })
      if (last) break
      start = end
    }
  })
  return { blocks: cut, skips: moved }
}

function readingsIn(readings: readonly Reading[], from: number, to: number): Reading[] {
  return readings
    .filter(({ start, end }) => start >= from && end <= to)
    .map((reading) => ({ ...reading, start: reading.start - from, end: reading.end - from }))
}

function marksIn(marks: readonly Mark[], from: number, to: number): Mark[] {
  return marks
    .filter(({ start, end }) => start < to && end > from)
    .map((mark) => ({
      ...mark,
      start: Math.max(mark.start, from) - from,
      end: Math.min(mark.end, to) - from,
    }))
}

/** The cut after the last sentence end, else after the last space, else anywhere but within a surrogate pair. */
function endOf(text: string, start: number, limit: number): number {
  if (text.length - start <= limit) return text.length
  const head = text.slice(start, start + limit)
  const floor = limit / 2
  const sentence = Math.max(
    ...['. ', '! ', '? ', '。', '！', '？', '\n'].map((mark) => head.lastIndexOf(mark)),
  )
  if (sentence > floor) return start + sentence + (head[sentence + 1] === ' ' ? 2 : 1)
  const space = head.lastIndexOf(' ')
  if (space > floor) return start + space + 1
  const code = head.charCodeAt(limit - 1)
  return start + (code >= 0xd800 && code < 0xdc00 ? limit - 1 : limit)
}
