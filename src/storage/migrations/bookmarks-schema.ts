import type { SchemaStep } from './schema-words.ts'

/** Places that a listener marked, by block and character, with the sentence's text; `segment` follows from them. */
export const bookmarksSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    'bookmarks',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    id ${text} NOT NULL,
    "chapterNumber" ${integer} NOT NULL,
    block ${integer} NOT NULL,
    start ${integer} NOT NULL,
    segment ${integer} NOT NULL,
    quote ${text} NOT NULL,
    note ${text} NOT NULL,
    "createdAt" ${text} NOT NULL,
    "updatedAt" ${text} NOT NULL,
    PRIMARY KEY (listener, "novelId", id)`,
  ),
  words.index('bookmarksByChapter', 'bookmarks', '"novelId", "chapterNumber"'),
]
