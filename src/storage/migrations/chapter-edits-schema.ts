import type { SchemaStep } from './schema-words.ts'

/** What was done to the chapters of a novel, from which it can be undone. */
export const chapterEditsSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"chapterEdits"',
    `"novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    number ${integer} NOT NULL,
    kind ${text} NOT NULL,
    at ${integer} NOT NULL,
    before ${text} NOT NULL,
    after ${text} NOT NULL,
    runs ${text} NOT NULL,
    asked ${text} NOT NULL,
    undone ${integer} NOT NULL DEFAULT 0,
    "createdAt" ${text} NOT NULL,
    PRIMARY KEY ("novelId", number)`,
  ),
]
