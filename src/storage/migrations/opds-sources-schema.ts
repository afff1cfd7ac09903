import type { SchemaStep } from './schema-words.ts'

/** OPDS catalogues from which books are fetched, and the books that were asked for. */
export const opdsSourcesSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"opdsSources"',
    `id ${text} PRIMARY KEY,
    title ${text} NOT NULL,
    address ${text} NOT NULL,
    "user" ${text},
    password ${text},
    "createdAt" ${text} NOT NULL`,
  ),
  words.table(
    '"opdsFetches"',
    `id ${text} PRIMARY KEY,
    source ${text} NOT NULL REFERENCES "opdsSources" (id) ON DELETE CASCADE,
    address ${text} NOT NULL,
    title ${text} NOT NULL,
    author ${text} NOT NULL,
    type ${text} NOT NULL,
    state ${text} NOT NULL,
    bytes ${integer},
    "novelId" ${text},
    outcome ${text},
    failure ${text},
    "createdAt" ${text} NOT NULL,
    "endedAt" ${text}`,
  ),
  words.index('opdsFetchesByState', '"opdsFetches"', 'state'),
  words.index('opdsFetchesByAddress', '"opdsFetches"', 'source, address'),
]
