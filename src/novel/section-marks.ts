import type { Block } from './novel.ts'
import { framesToSeconds } from './clip.ts'
import type { Segment } from './segment.ts'

/** A place in a chapter that a player can jump to, and how far it reaches: seconds from the chapter's first sample. */
export interface SectionMark {
  readonly title: string
  readonly from: number
  readonly to: number
}

interface SpokenChapter {
  readonly title: string
  readonly blocks: readonly Block[]
  readonly segments: readonly Segment[]
  /** Of each segment's clip, in AAC frames. */
  readonly lengths: readonly number[]
}

/**
 * A chapter's marks, one right after the other: its beginning, called by the chapter's title, and each section that
 * follows after a scene break or under a heading of its own. A chapter without sections has one mark.
 */
export function sectionMarks({ title, blocks, segments, lengths }: SpokenChapter): SectionMark[] {
  const begun: { readonly title: string; readonly from: number }[] = []
  let frames = 0
  for (const [at, { block }] of segments.entries()) {
    const before = segments[at - 1]
    if (before === undefined) begun.push({ title, from: 0 })
    else if (startsSection(before, block, blocks)) {
      begun.push({ title: sectionTitle(block, blocks, segments), from: framesToSeconds(frames) })
    }
    frames += lengths[at] ?? 0
  }
  return begun.map((mark, at) => ({ ...mark, to: begun[at + 1]?.from ?? framesToSeconds(frames) }))
}

/** Whether what was said last and what is said in this block are of two sections. */
function startsSection(last: Segment, block: number, blocks: readonly Block[]): boolean {
  // The pause is as long after a heading, but what follows is the heading's own.
  if (blocks[last.block]?.kind === 'heading') return false
  // A break that has no text, a mere line, has made no pause.
  return (
    last.pause === 'section' || blocks.slice(last.block, block).some(({ kind }) => kind === 'scene-break')
  )
}

/** The heading that a section begins with, else its opening words; nothing that is skipped. */
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

/** In UTF-16 units: about what a phone has in a line. */
const longestOpening = 40
// Of no language, so that the same words are cut alike on every machine.
const byWord = new Intl.Segmenter('und', { granularity: 'word' })
const byGrapheme = new Intl.Segmenter('und', { granularity: 'grapheme' })

function opening(words: string): string {
  if (words.length <= longestOpening) return words
  const space = words.lastIndexOf(' ', longestOpening)
  // Where no spaces are written a dictionary knows the words, and what is none of these is cut between two characters.
  const end = space > longestOpening / 2 ? space : lastEnd(words, byWord) || lastEnd(words, byGrapheme)
  return `${words.slice(0, end).replace(/[\s\p{P}]+$/u, '')}…`
}

/** Where the last piece ends that is whole within the length of an opening. */
function lastEnd(words: string, cut: Intl.Segmenter): number {
  let last = 0
  for (const { index, segment } of cut.segment(words)) {
    if (index + segment.length > longestOpening) break
    last = index + segment.length
  }
  return last
}
