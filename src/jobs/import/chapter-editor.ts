import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { Matter } from '../../novel/novel.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import { runTextWorker } from '../text-worker.ts'

/** A chapter whose text is edited; its text is JSON, as it is stored. */
export interface ChapterToEdit {
  readonly title: string
  readonly part: string | null
  readonly matter: Matter
  readonly text: { readonly blocks: string; readonly skips: string; readonly segments: string }
}

export type TextEdit =
  | { readonly kind: 'merge' }
  /** At a block; without a title the second chapter is called after its heading. */
  | { readonly kind: 'split'; readonly block: number; readonly title?: string | undefined }
  /** Of each chapter, indexes of skips that shall be spoken. */
  | { readonly kind: 'restore'; readonly skips: readonly (readonly number[])[] }

export interface EditorInput {
  readonly chapters: readonly ChapterToEdit[]
  readonly edit: TextEdit
  /** How words are said. */
  readonly lexicon: BookLexicon
  /** Path of the user's pronunciation list. */
  readonly wordList: string
}

export interface EditedTexts {
  readonly chapters: readonly StoredChapter[]
  readonly runs: readonly SegmentRun[]
}

/** A chapter takes a second at most: its whole novel was segmented within the limits of an import. */
const timeoutMs = 120_000
const heapMegabytes = 512

/**
 * Edits the texts of chapters in a worker thread, so that a long one does not block the event loop. `undefined`: there is
 * nothing to be done, as no such block or skip. Throws `storage.damaged` if a stored text is not JSON.
 */
export async function editTextsInWorker(input: EditorInput): Promise<EditedTexts | undefined> {
  const options = { data: input, heapMegabytes }
  const module = new URL('./chapter-editor-worker.ts', import.meta.url)
  return runTextWorker(module, options, AbortSignal.timeout(timeoutMs))
}
