import type { HeadingRule } from '../../novel/heading-rule.ts'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'

// What the server and the reader process say to each other when a book is read again.

/** How a book that is known is read again. */
export interface RereadTask {
  /**
   * `headings`: chapters where the rule finds them. `texts`: the chapters that are there, with the texts of the file.
   * `rules`: only how many chapters each rule would give. `outline`: only where chapters would begin, without segmenting
   * their texts, which takes most of the time.
   */
  readonly kind: 'headings' | 'texts' | 'rules' | 'outline'
  readonly rule: HeadingRule
  /** Of the novel, in which it is segmented. */
  readonly language: string
  /** Only what a preview shows: texts of chapters are left empty. */
  readonly preview: boolean
}

/** A chapter that is there: a line of JSON on the reader's standard input. */
export interface PresentChapter {
  readonly title: string
  readonly part: string | null
  readonly narrated: boolean
  /** JSON, as it is stored. */
  readonly blocks: string
  readonly skips: string
  readonly segments: string
}

/** The first line there: how words are said. */
export interface PresentLexicon {
  readonly lexicon: BookLexicon
}

/** A chapter that has the very text of one that is there. */
export interface KeptChapter {
  readonly kept: number
  readonly title: string
  readonly part?: string
  readonly narrated: boolean
}

/** A chapter as a rule would cut it; whether it is narrated is told by where it stands. */
export interface OutlinedChapter {
  readonly title: string
  readonly part?: string
  readonly characters: number
  readonly narrated: boolean
}

export interface RuleOutcome {
  readonly rule: HeadingRule
  readonly chapters: number
  readonly titles: readonly string[]
}

export type RereadChapter = KeptChapter | StoredChapter

export type RereadMessage =
  | { readonly reread: readonly RereadChapter[] }
  | { readonly rules: readonly RuleOutcome[] }
  | { readonly outline: readonly OutlinedChapter[] }
  /** At the end: what the chapters have in common with those that were there, and how many of these the file does not have. */
  | { readonly runs: readonly SegmentRun[]; readonly unfound: number }
