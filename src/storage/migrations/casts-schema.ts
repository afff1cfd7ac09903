import type { SchemaStep } from './schema-words.ts'

/** Who speaks a novel: what its chapters say, found by an analysis; the cast in its versions; and what is in the book. */
export const castsSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"castStates"',
    `"novelId" ${text} PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
    analysis ${text} NOT NULL,
    version ${integer} NOT NULL,
    "lastVersion" ${integer} NOT NULL,
    applied ${integer} NOT NULL,
    voices ${text} NOT NULL`,
  ),
  words.table(
    '"castVersions"',
    `"novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    number ${integer} NOT NULL,
    body ${text} NOT NULL,
    "createdAt" ${text} NOT NULL,
    PRIMARY KEY ("novelId", number)`,
  ),
  words.table(
    '"chapterLines"',
    `"chapterId" ${integer} PRIMARY KEY REFERENCES chapters (id) ON DELETE CASCADE,
    lines ${text} NOT NULL,
    speakers ${text} NOT NULL`,
  ),
]
