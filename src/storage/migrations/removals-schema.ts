import type { SchemaStep } from './schema-words.ts'

/** What was removed, kept for an hour so that it can be brought back as it was, secrets included. */
export const removalsSchema: SchemaStep = ({ text, ...words }) => [
  words.table(
    'removals',
    `id ${text} NOT NULL PRIMARY KEY,
    kind ${text} NOT NULL,
    subject ${text} NOT NULL,
    content ${text} NOT NULL,
    "removedAt" ${text} NOT NULL`,
    { rowless: true },
  ),
  words.index('removalsByTime', 'removals', '"removedAt"'),
]
