import type { SchemaStep } from './schema-words.ts'

/**
 * Files of the watched folder that were read. A row stays when its novel is deleted, or the file is gone: the same bytes are
 * never imported twice.
 */
export const inboxSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"inboxFiles"',
    `path ${text} PRIMARY KEY,
    book ${text} NOT NULL,
    size ${integer} NOT NULL,
    "mtimeMs" ${integer} NOT NULL,
    sha256 ${text},
    state ${text} NOT NULL,
    "novelId" ${text},
    failure ${text},
    "readAt" ${text} NOT NULL`,
  ),
  words.index('inboxFilesBySha256', '"inboxFiles"', 'sha256'),
]
