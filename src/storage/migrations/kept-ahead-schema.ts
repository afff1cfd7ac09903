import type { SchemaStep } from './schema-words.ts'

/** Novels of which so many chapters are kept spoken ahead of whoever listens, each by a generation that goes along. */
export const keptAheadSchema: SchemaStep = ({ integer, real, text, ...words }) => [
  words.table(
    '"keptAhead"',
    `"novelId" ${text} PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
    "generationId" ${text} NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    chapters ${integer} NOT NULL,
    voice ${text},
    speed ${real},
    places ${text} NOT NULL`,
  ),
  words.index('keptAheadByGeneration', '"keptAhead"', '"generationId"', { unique: true }),
]
