import type { Cover, ImportedNovel, Matter, Block } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'

/** All that a process of its own needs to make the text of a read-along EPUB. */
export interface EpubPlan extends Pick<ImportedNovel, 'title' | 'author' | 'language'> {
  readonly id: string
  readonly description?: string | undefined
  readonly published?: string | undefined
  readonly series?: ImportedNovel['series'] | undefined
  readonly narrator: string
  /** ISO 8601 in whole seconds. */
  readonly modified: string
  /** The EPUB that the novel came from; none: it was a text. */
  readonly source?: string | undefined
  readonly cover?: { readonly path: string; readonly mediaType: Cover['mediaType'] } | undefined
  readonly chapters: readonly PlannedChapter[]
}

/** What the maker is told: the chapters one by one, then what the book is. */
export type EpubPlanMessage =
  | { readonly chapter: PlannedChapter }
  | { readonly head: Omit<EpubPlan, 'chapters'> }

export interface PlannedChapter {
  readonly number: number
  readonly title: string
  readonly part?: string | undefined
  readonly matter: Matter
  /** JSON: Block[]. */
  readonly blocks: string
  /** JSON: Segment[]. */
  readonly segments: string
  /** When each segment begins, and at last when the chapter ends, in milliseconds; none: it is not spoken. */
  readonly times?: readonly number[] | undefined
}

/** A file of the EPUB: packed bytes, a stretch of another file, or the sound of a chapter. */
export type EpubEntry = { readonly name: string } & (
  | { readonly method: 0 | 8; readonly crc: number; readonly size: number; readonly bytes: Uint8Array }
  | {
      readonly method: 0 | 8
      readonly crc: number
      readonly size: number
      readonly file: string
      readonly start: number
      readonly packedSize: number
    }
  | { readonly chapterNumber: number }
)

export function plannedBlocks({ blocks }: PlannedChapter): readonly Block[] {
  return JSON.parse(blocks) as Block[]
}

export function plannedSegments({ segments }: PlannedChapter): readonly Segment[] {
  return JSON.parse(segments) as Segment[]
}

/** The id of the element that holds a segment. */
export function segmentElementId(chapterNumber: number, segment: number): string {
  return `nightjar-${chapterNumber}-${segment}`
}
