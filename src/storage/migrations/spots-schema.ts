import type { SchemaStep } from './schema-words.ts'

/** Clips that the second ear suspects, by their keys, with what it measured and what somebody said of them. */
export const spotsSchema: SchemaStep = ({ integer, text, bytes, ...words }) => [
  words.table(
    'spots',
    `recipe ${bytes} NOT NULL,
    words ${bytes} NOT NULL,
    reasons ${text} NOT NULL,
    takes ${integer} NOT NULL,
    settled ${text},
    "foundAt" ${text} NOT NULL,
    PRIMARY KEY (recipe, words)`,
    { rowless: true },
  ),
]
