import { framesToSeconds } from './clip.ts'
import type { Block } from './novel.ts'
import type { Segment } from './segment.ts'

/** A section that a player can jump to: seconds from the chapter's first sample. */
export interface SectionMark {
  readonly title: string
  readonly from: number
  readonly to: number
}

interface SpokenChapter {
  readonly title: string
  readonly blocks: readonly Block[]
  readonly segments: readonly Segment[]
  /** Length of each segment's clip, in AAC frames. */
  readonly lengths: readonly number[]
}

/**
 * A chapter's contiguous marks: one for its beginning, with the chapter's title, and one for each section after a scene
 * break or under a heading of its own. A chapter without sections has one mark.
 */
export function sectionMarks({ title, blocks, segments, lengths }: SpokenChapter): SectionMark[] {
  const starts: { readonly title: string; readonly from: number }[] = []
  let frames = 0
  for (const [at, { block }] of segments.entries()) {
    const before = segments[at - 1]
    if (before === undefined) starts.push({ title, from: 0 })
    else if (startsSection(before, block, blocks)) {
      starts.push({ title: sectionTitle(block, blocks, segments), from: framesToSeconds(frames) })
    }
    frames += lengths[at] ?? 0
  }
  return starts.map((mark, at) => ({ ...mark, to: starts[at + 1]?.from ?? framesToSeconds(frames) }))
}

/** Whether a new section begins between the last segment and this block. */
function startsSection(last: Segment, block: number, blocks: readonly Block[]): boolean {
  // A heading has a section pause too, but the text after it belongs to it.
  if (blocks[last.block]?.kind === 'heading') return false
  // A scene break without text has no segment, so no pause marks it.
  return (
    last.pause === 'section' || blocks.slice(last.block, block).some(({ kind }) => kind === 'scene-break')
  )
}

/** The section's heading, else its opening words; without skipped text. */
function sectionTitle(block: number, blocks: readonly Block[], segments: readonly Segment[]): string {
  const { kind, text = '' } = blocks[block] ?? {}
  const title = segments
    .filter((segment) => segment.block === block)
    .map(({ start, end }) => text.slice(start, end))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return kind === 'heading' ? title : opening(title)
}

/** In UTF-16 units: about one line on a phone. */
const longestOpening = 40
// `und`, so that results do not depend on the machine's locale.
const byWord = new Intl.Segmenter('und', { granularity: 'word' })
const byGrapheme = new Intl.Segmenter('und', { granularity: 'grapheme' })

function opening(words: string): string {
  if (words.length <= longestOpening) return words
  const space = words.lastIndexOf(' ', longestOpening)
  // In scripts without spaces the segmenter's dictionary finds words; text it does not know is cut between two
  // graphemes.
  const end = space > longestOpening / 2 ? space : lastEnd(words, byWord) || lastEnd(words, byGrapheme)
  return `${words.slice(0, end).replace(/[\s\p{P}]+$/u, '')}…`
}

/** End of the last whole segment within `longestOpening`. */
function lastEnd(words: string, cut: Intl.Segmenter): number {
  let last = 0
  for (const { index, segment } of cut.segment(words)) {
    if (index + segment.length > longestOpening) break
    last = index + segment.length
  }
  return last
}
