import type { SchemaStep } from './schema-words.ts'

/** How words are said, in a novel, in a series and everywhere; what was changed; and which books are said so. */
export const lexiconsSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"lexiconEntries"',
    `id ${text} PRIMARY KEY,
    scope ${text} NOT NULL,
    "scopeKey" ${text} NOT NULL,
    "novelId" ${text} REFERENCES novels (id) ON DELETE CASCADE,
    "entryKey" ${text} NOT NULL,
    entry ${text} NOT NULL`,
  ),
  words.index('lexiconEntriesByScope', '"lexiconEntries"', 'scope, "scopeKey", "entryKey"', {
    unique: true,
  }),
  words.index('lexiconEntriesByNovel', '"lexiconEntries"', '"novelId"'),
  words.table(
    '"lexiconChanges"',
    `scope ${text} NOT NULL,
    "scopeKey" ${text} NOT NULL,
    number ${integer} NOT NULL,
    "novelId" ${text} REFERENCES novels (id) ON DELETE CASCADE,
    before ${text} NOT NULL,
    after ${text} NOT NULL,
    undone ${integer} NOT NULL,
    "createdAt" ${text} NOT NULL,
    PRIMARY KEY (scope, "scopeKey", number)`,
  ),
  words.index('lexiconChangesByNovel', '"lexiconChanges"', '"novelId"'),
  words.table(
    '"lexiconBooks"',
    `"novelId" ${text} PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
    state ${text} NOT NULL,
    token ${text} NOT NULL`,
  ),
]
