import type { SchemaStep } from './schema-words.ts'

/** Where a listener has put a generation in the queue: minutes since 2026, as if it had been asked for then. */
export const queuePlacesSchema: SchemaStep = ({ integer }) => [
  `ALTER TABLE generations ADD COLUMN place ${integer}`,
]
