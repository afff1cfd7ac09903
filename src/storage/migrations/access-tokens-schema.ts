import type { SchemaStep } from './schema-words.ts'

/** Tokens of programs: their secrets are not stored, only the hashes by which they are found. */
export const accessTokensSchema: SchemaStep = ({ text, bytes, ...words }) => [
  words.table(
    '"accessTokens"',
    `id ${text} PRIMARY KEY,
    name ${text} NOT NULL,
    scope ${text} NOT NULL,
    digest ${bytes} NOT NULL UNIQUE,
    "createdAt" ${text} NOT NULL,
    "lastUsedAt" ${text},
    "revokedAt" ${text}`,
  ),
]
