import type { SchemaStep } from './schema-words.ts'

/** How far a book is that is being brought up to date with the lexicon. */
export const lexiconProgressSchema: SchemaStep = ({ integer }) =>
  ['chaptersDone', 'chaptersTotal'].map(
    (column) => `ALTER TABLE "lexiconBooks" ADD COLUMN "${column}" ${integer} NOT NULL DEFAULT 0`,
  )
