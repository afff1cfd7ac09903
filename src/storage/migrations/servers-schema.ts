import type { SchemaStep } from './schema-words.ts'

/** The servers that share the database and live. Lost with a crash of the database: each writes itself again. */
export const serversSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    'servers',
    `id ${text} PRIMARY KEY,
    address ${text} NOT NULL,
    "startedAt" ${integer} NOT NULL,
    "seenAt" ${integer} NOT NULL,
    state ${text} NOT NULL`,
    { passing: true },
  ),
]
