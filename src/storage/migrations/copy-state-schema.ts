import type { SchemaStep } from './schema-words.ts'

/** Whether a database is a copy that `nightjar migrate` makes, or has made and no server has used yet. One row at most. */
export const copyStateSchema: SchemaStep = ({ text, ...words }) => [
  words.table(
    '"copyState"',
    `source ${text} PRIMARY KEY,
    "startedAt" ${text} NOT NULL,
    "finishedAt" ${text}`,
  ),
]
