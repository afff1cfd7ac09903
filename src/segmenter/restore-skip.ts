import type { Block, Skip } from '../novel/block.ts'
import type { Segment } from '../novel/segment.ts'
import { segmentChapter } from './segmenter.ts'

export interface CutChapter {
  readonly blocks: readonly Block[]
  readonly skips: readonly Skip[]
  readonly segments: readonly Segment[]
}

/** Characters that are cut at once; what else has to be done in the process comes between. */
const mostAtOnce = 20_000

/**
 * A chapter in which one of its skips is text to be spoken: its characters become segments of their block; what was taken
 * out of the text becomes paragraphs where it stood. All other segments stay as they are, and so do their clips.
 * `undefined` if there is no such skip or nothing in it to speak.
 */
export async function restoreSkip(
  chapter: CutChapter,
  index: number,
  language: string,
  breathe: () => Promise<unknown>,
): Promise<CutChapter | undefined> {
  const skip = chapter.skips[index]
  if (skip === undefined) return undefined
  const others = chapter.skips.filter((_, at) => at !== index)
  return skip.start < skip.end
    ? inBlock(chapter, others, skip.block, language)
    : asParagraphs(chapter, others, index, language, breathe)
}

function inBlock(
  { blocks, segments }: CutChapter,
  skips: readonly Skip[],
  block: number,
  language: string,
): CutChapter | undefined {
  const whole = blocks[block]
  if (whole === undefined || whole.kind === 'scene-break') return undefined
  const own = skips.filter((skip) => skip.block === block).map((skip) => ({ ...skip, block: 0 }))
  const cut = segmentChapter({ blocks: [whole], skips: own }, language)
  const before = segments.filter((segment) => segment.block < block)
  const after = segments.filter((segment) => segment.block > block)
  const last = segments.findLast((segment) => segment.block === block)
  const anew = placed(cut.segments, block, last?.pause ?? (after.length > 0 ? 'paragraph' : 'section'))
  if (anew.length === segments.length - before.length - after.length && last?.end === anew.at(-1)?.end)
    return undefined
  const added = cut.skips.slice(own.length).map((skip) => ({ ...skip, block }))
  return { blocks, skips: [...skips, ...added], segments: opened([...before, ...anew, ...after]) }
}

async function asParagraphs(
  { blocks, skips, segments }: CutChapter,
  others: readonly Skip[],
  index: number,
  language: string,
  breathe: () => Promise<unknown>,
): Promise<CutChapter | undefined> {
  const { block, start, text = '' } = skips[index]!
  const paragraphs = text
    .split('\n')
    .map((line): Block => ({ kind: 'paragraph', text: line.replaceAll(/\s+/g, ' ').trim() }))
    .filter((paragraph) => paragraph.text !== '')
  const at = start === 0 && blocks[block]?.text !== '' ? block : block + 1
  const anew: Segment[] = []
  const added: Skip[] = []
  let since = 0
  for (const [index, paragraph] of paragraphs.entries()) {
    const cut = segmentChapter({ blocks: [paragraph], skips: [] }, language)
    anew.push(...placed(cut.segments, at + index, 'paragraph'))
    added.push(...cut.skips.map((skip) => ({ ...skip, block: at + index })))
    since += paragraph.text.length
    if (since < mostAtOnce) continue
    since = 0
    await breathe()
  }
  if (anew.length === 0) return undefined
  const moved = <Placed extends { readonly block: number }>(one: Placed): Placed =>
    one.block < at ? one : { ...one, block: one.block + paragraphs.length }
  const next = segments.findIndex((segment) => segment.block >= at)
  const place = next < 0 ? segments.length : next
  // What was taken out at the same place keeps its order: before these paragraphs, or after them.
  const beside = (skip: Skip, other: number): Skip => {
    if (skip.block !== block || skip.start !== start || skip.end !== start) return moved(skip)
    if (at === block) return other < index ? skip : moved(skip)
    const end = paragraphs.at(-1)!.text.length
    return other < index ? skip : { ...skip, block: at + paragraphs.length - 1, start: end, end }
  }
  const all = segments.map(moved)
  return {
    blocks: [...blocks.slice(0, at), ...paragraphs, ...blocks.slice(at)],
    skips: [...others.map(beside), ...added],
    segments: opened([...all.slice(0, place), ...anew, ...all.slice(place)]),
  }
}

function placed(segments: readonly Segment[], block: number, pause: Segment['pause']): Segment[] {
  return segments.map((segment, index) => ({
    ...segment,
    block,
    pause: index === segments.length - 1 ? pause : segment.pause,
  }))
}

/** The silence before a chapter stands before its first segment only. */
function opened(segments: readonly Segment[]): Segment[] {
  if (!segments.some(({ opening }) => opening)) return [...segments]
  return segments.map((segment, index) => {
    if (index === 0) return { ...segment, opening: true }
    const { opening, ...rest } = segment
    return opening === undefined ? segment : rest
  })
}
