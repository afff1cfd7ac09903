import type { LexiconScope } from '../novel/lexicon-entry.ts'

/** The tables of how words are said. */
export interface LexiconTables {
  lexiconEntries: {
    id: string
    scope: LexiconScope
    /** Which one: the id of a novel, JSON of author and series, or nothing for all. */
    scopeKey: string
    /** Of a novel's own. */
    novelId: string | null
    /** `entryKey`: unique in its scope. */
    entryKey: string
    /** JSON: LexiconEntry. */
    entry: string
  }
  /** What was changed, of which the last can be undone and done again. */
  lexiconChanges: {
    scope: LexiconScope
    scopeKey: string
    number: number
    novelId: string | null
    /** JSON: StoredEntry[], those that the change replaces or removes. */
    before: string
    /** JSON: StoredEntry[], those that it adds. */
    after: string
    undone: number
    createdAt: string
  }
  /** Novels that were brought up to date with the lexicon, or are to be. */
  lexiconBooks: {
    novelId: string
    state: LexiconState
    /** UUID: of the last time that it was wanted. */
    token: string
    /** Of the chapters that are being said otherwise now; 0 of 0: that has not begun. */
    chaptersDone: number
    chaptersTotal: number
  }
}

/** `undone`: the edit of its chapters was taken back, so the book is not said as the lexicon has it. */
export type LexiconState = 'wanted' | 'applied' | 'undone' | 'failed'
