import type { FoundSpeaker } from '../../cast/cast-proposal.ts'
import type { Cast } from '../../novel/cast.ts'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { ChapterText } from '../../novel/stored-chapter.ts'
import type { CutChapter } from '../import/recut-chapters.ts'
import { runTextWorker } from '../text-worker.ts'

/** Finds who speaks in all chapters of a novel. Texts are JSON, as they are stored. */
export interface AnalysisTask {
  readonly kind: 'analyse'
  readonly language: string
  readonly chapters: readonly { readonly id: number; readonly blocks: string }[]
}

export interface Analysis {
  /** JSON: Line[] and ChapterSpeakers. */
  readonly chapters: readonly {
    readonly chapterId: number
    readonly lines: string
    readonly speakers: string
  }[]
  readonly found: readonly FoundSpeaker[]
}

export interface ChapterToCast extends ChapterText {
  readonly id: number
  /** JSON: Line[]; `undefined`: the chapter was not analysed, so its segments have the speakers that they have. */
  readonly lines: string | undefined
}

/** Cuts the segments of chapters by their speakers, and has them said as a lexicon has them. */
export interface CutTask {
  readonly kind: 'cut'
  readonly cast: Cast
  readonly lexicon: BookLexicon
  readonly chapters: readonly ChapterToCast[]
}

/** Of each chapter what takes its place; `undefined`: it stays as it is. */
type CutChapters = readonly (CutChapter | undefined)[]

export type CastTask = AnalysisTask | CutTask
type Result<Task extends CastTask> = Task extends AnalysisTask ? Analysis : CutChapters

const heapMegabytes = 768

/**
 * Does a task in a worker thread, so that a long novel does not block the event loop. Throws `storage.damaged` if a stored
 * text is not JSON, and the signal's reason.
 */
export async function runCastTask<Task extends CastTask>(
  task: Task,
  signal?: AbortSignal,
): Promise<Result<Task>> {
  const options = { data: task, heapMegabytes }
  return runTextWorker(new URL('./cast-worker.ts', import.meta.url), options, signal)
}
