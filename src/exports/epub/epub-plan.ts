import type { Block, Cover, ImportedNovel, Matter, Skip } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'

/** Everything that the worker process needs to build the text of a read-along EPUB. */
export interface EpubPlan extends Pick<ImportedNovel, 'title' | 'author' | 'language'> {
  readonly id: string
  readonly description?: string | undefined
  readonly published?: string | undefined
  readonly series?: ImportedNovel['series'] | undefined
  readonly narrator: string
  /** ISO 8601 in whole seconds. */
  readonly modified: string
  /** Path of the EPUB that the novel was imported from; `undefined`: it was plain text. */
  readonly source?: string | undefined
  readonly cover?: { readonly path: string; readonly mediaType: Cover['mediaType'] } | undefined
  readonly chapters: readonly PlannedChapter[]
}

/** Messages to the worker: the chapters one by one, then the rest of the plan, which starts the build. */
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
  /** JSON: Skip[]. */
  readonly skips: string
  /** Start of each segment, then the end of the chapter, in milliseconds; `undefined`: the chapter is not complete. */
  readonly times?: readonly number[] | undefined
}

/** An entry of the EPUB: compressed bytes, a range of another file, or the audio of a chapter. */
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

export function plannedSkips({ skips }: PlannedChapter): readonly Skip[] {
  return JSON.parse(skips) as Skip[]
}

export function plannedSegments({ segments }: PlannedChapter): readonly Segment[] {
  return JSON.parse(segments) as Segment[]
}

/** The id of the element that holds a segment. */
export function segmentElementId(chapterNumber: number, segment: number): string {
  return `nightjar-${chapterNumber}-${segment}`
}
