import { type Chapter, characterCount, type Matter } from './novel.ts'
import { textHash } from './clip.ts'
import type { SegmentedChapter } from './segment.ts'

/**
 * A chapter as it is kept: its text as JSON, made in the thread that reads the book, so that neither the way between
 * the threads nor the server has to take tens of thousands of small objects apart.
 */
export interface StoredChapter {
  readonly title: string
  readonly part?: string
  readonly matter: Matter
  readonly narrated: boolean
  /** UTF-16 units of its text. */
  readonly characters: number
  /** JSON: Block[]. */
  readonly blocks: string
  /** JSON: Skip[]. */
  readonly skips: string
  /** JSON: Segment[]. */
  readonly segments: string
  /** Of each segment the text's half of its clip's key, in hex. */
  readonly textHashes: readonly string[]
}

export function toStoredChapter(chapter: Chapter, { segments, skips }: SegmentedChapter): StoredChapter {
  const { title, part, matter, blocks } = chapter
  return {
    title,
    ...(part !== undefined && { part }),
    matter,
    narrated: matter === 'body' && segments.length > 0,
    characters: characterCount(chapter),
    blocks: JSON.stringify(blocks),
    skips: JSON.stringify(skips),
    segments: JSON.stringify(segments),
    textHashes: segments.map(({ spoken, pause, opening }) => textHash(spoken, pause, opening)),
  }
}
