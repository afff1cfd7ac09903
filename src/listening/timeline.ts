import { clipLengths } from '../database/clips.ts'
import type { Application } from '../generation/studio.ts'
import { framesToSeconds } from '../novel/clip.ts'
import type { Rendition } from './rendition.ts'

/** Where a segment is heard, in seconds from the chapter's first sample. */
interface TimelineEntry {
  readonly index: number
  /** Known once all segments before it are spoken. */
  readonly from?: number
  readonly seconds?: number
  readonly ready: boolean
}

export interface Timeline {
  /** Length of what is spoken. */
  readonly seconds: number
  readonly complete: boolean
  readonly segments: readonly TimelineEntry[]
}

export async function chapterTimeline({ db }: Application, { chapter, recipe }: Rendition): Promise<Timeline> {
  const lengths = await clipLengths(db, chapter.id, recipe)
  let spokenFrames = 0
  /** In frames; lost with the first segment that is not there. */
  let nextFrame: number | undefined = 0
  const segments = lengths.map((frames, index): TimelineEntry => {
    const from = nextFrame === undefined ? {} : { from: framesToSeconds(nextFrame) }
    nextFrame = nextFrame === undefined || frames === undefined ? undefined : nextFrame + frames
    if (frames === undefined) return { index, ...from, ready: false }
    spokenFrames += frames
    return { index, ...from, seconds: framesToSeconds(frames), ready: true }
  })
  return { seconds: framesToSeconds(spokenFrames), complete: nextFrame !== undefined && lengths.length > 0, segments }
}
