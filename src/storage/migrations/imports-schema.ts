import type { SchemaStep } from './schema-words.ts'

/**
 * Files that are imported in the background, several at once: of each what became of it. `listener` has
 * begun the import, and NULL where nobody signs in; `kept`: they keep its novels to themselves.
 */
export const importsSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"importFiles"',
    `id ${text} PRIMARY KEY,
    batch ${text} NOT NULL,
    listener ${text},
    kept ${integer} NOT NULL DEFAULT 0,
    name ${text} NOT NULL,
    bytes ${integer} NOT NULL,
    state ${text} NOT NULL,
    "novelId" ${text},
    "versionId" ${text},
    failure ${text},
    "createdAt" ${text} NOT NULL,
    "begunAt" ${text},
    "changedAt" ${text} NOT NULL`,
  ),
  words.index('importFilesByBatch', '"importFiles"', 'batch, id'),
  words.index('importFilesByState', '"importFiles"', 'state, id'),
]
