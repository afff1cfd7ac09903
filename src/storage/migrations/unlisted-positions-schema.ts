import type { SchemaStep } from './schema-words.ts'

/** A position that its listener has taken off the list of those to go on with, until it is listened to again. */
export const unlistedPositionsSchema: SchemaStep = ({ integer }) => [
  `ALTER TABLE positions ADD COLUMN unlisted ${integer} NOT NULL DEFAULT 0`,
]
