import { textHash } from './clip.ts'
import { type Block, type Chapter, characterCount, type Matter, type Skip } from './novel.ts'
import type { Segment, SegmentedChapter } from './segment.ts'

/**
 * A chapter as stored: its text is serialized to JSON in the thread that reads the book, so that neither the structured
 * clone between threads nor the server handles tens of thousands of small objects.
 */
export interface StoredChapter {
  readonly title: string
  readonly part?: string
  readonly matter: Matter
  readonly narrated: boolean
  /** UTF-16 units of text. */
  readonly characters: number
  /** JSON: Block[]. */
  readonly blocks: string
  /** JSON: Skip[]. */
  readonly skips: string
  /** JSON: Segment[]. */
  readonly segments: string
  /** Text hash of each segment, hex. */
  readonly textHashes: readonly string[]
  /** Of each segment its role; left out: all are the narrator's. */
  readonly roles?: readonly number[]
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
    ...(segments.some(({ role }) => role !== undefined) && { roles: segments.map(({ role = 0 }) => role) }),
  }
}

/** A chapter as its rows have it. */
export interface ChapterText {
  readonly title: string
  readonly part: string | null
  readonly matter: Matter
  /** JSON, as it is stored. */
  readonly text: { readonly blocks: string; readonly skips: string; readonly segments: string }
}

/** A stored chapter with other segments. `blocks`: its own, which its caller has read already. */
export function withSegments(
  { title, part, matter, text }: ChapterText,
  blocks: readonly Block[],
  segments: readonly Segment[],
): StoredChapter {
  const skips = JSON.parse(text.skips) as Skip[]
  const head = { title, ...(part !== null && { part }), matter, blocks }
  const stored = toStoredChapter({ ...head, skips }, { segments, skips })
  return { ...stored, blocks: text.blocks, skips: text.skips }
}
