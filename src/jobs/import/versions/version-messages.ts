import type { BookLexicon } from '../../../novel/lexicon-entry.ts'
import type { SegmentRun } from '../../../novel/segment-runs.ts'
import type { ChapterText, StoredChapter } from '../../../novel/stored-chapter.ts'
import type { ChapterUnit } from './chapter-pieces.ts'

// What the server and the thread that compares two versions say to each other.

export interface ComparisonTask {
  /** How words are said in the novel. */
  readonly lexicon: BookLexicon
  /** Path of the user's pronunciation list. */
  readonly wordList: string
  /** Chapters were merged or split by hand. */
  readonly cut: boolean
  /** Skipped texts were restored by hand. */
  readonly restored: boolean
  /** Only what a preview shows: texts of chapters are left out. */
  readonly preview: boolean
}

/** Chapters of the novel and of its version that are not the same in both; the thread asks for the next with each answer. */
export type ComparisonInput =
  | { readonly old: readonly ChapterText[]; readonly fresh: readonly ChapterText[] }
  | { readonly end: true }

/** Sentences that stand in the place of others. */
export interface SentenceChange {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** A chapter as it will be; chapters by their places among those that were sent. */
export interface ComparedUnit extends ChapterUnit {
  /** The chapter of the version that it is as it stands. */
  readonly row?: number
  /** Else its text; empty in a preview. */
  readonly text?: StoredChapter
  readonly sentences: number
  /** Compared with the old chapter. */
  readonly changes: readonly SentenceChange[]
  /** Changes that are not listed because there are so many. */
  readonly moreChanges: number
  /** Sentences that the old chapter does not have. */
  readonly newSentences: number
}

export interface ComparedVersion {
  readonly units: readonly ComparedUnit[]
  /** From the old chapters to the units. */
  readonly runs: readonly SegmentRun[]
}

export type ComparisonOutput = { readonly next: true } | ComparedVersion
