import type { SchemaStep } from './schema-words.ts'

/**
 * Accounts. Positions and all that belongs to a listener stay under the listener's id: the first admin becomes the
 * listener whom the schema began with.
 */
export const peopleSchema: SchemaStep = ({ integer, text, bytes, ...words }) => [
  words.table(
    'people',
    `id ${text} PRIMARY KEY,
    name ${text} NOT NULL,
    "nameKey" ${text} NOT NULL UNIQUE,
    role ${text} NOT NULL,
    password ${text},
    subject ${text} UNIQUE,
    listener ${text} NOT NULL REFERENCES listeners (id),
    "createdAt" ${text} NOT NULL,
    "disabledAt" ${text}`,
  ),
  words.index('peopleByListener', 'people', 'listener', { unique: true }),
  words.table(
    'sessions',
    `id ${text} PRIMARY KEY,
    digest ${bytes} NOT NULL UNIQUE,
    person ${text} NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    "createdAt" ${text} NOT NULL,
    "lastUsedAt" ${text} NOT NULL,
    "expiresAt" ${text} NOT NULL,
    "userAgent" ${text} NOT NULL,
    address ${text} NOT NULL`,
  ),
  words.index('sessionsByPerson', 'sessions', 'person'),
  words.table(
    '"accountLinks"',
    `id ${text} PRIMARY KEY,
    digest ${bytes} NOT NULL UNIQUE,
    kind ${text} NOT NULL,
    person ${text} REFERENCES people (id) ON DELETE CASCADE,
    role ${text} NOT NULL,
    name ${text} NOT NULL,
    "createdAt" ${text} NOT NULL,
    "expiresAt" ${text} NOT NULL`,
  ),
  words.index('accountLinksByPerson', '"accountLinks"', 'person'),
  words.table(
    '"signInFailures"',
    `digest ${bytes} PRIMARY KEY,
    failures ${integer} NOT NULL,
    "lastAt" ${integer} NOT NULL,
    "nextAt" ${integer} NOT NULL`,
  ),
  words.table(
    '"auditLog"',
    `id ${text} PRIMARY KEY,
    at ${text} NOT NULL,
    person ${text},
    "personName" ${text} NOT NULL,
    action ${text} NOT NULL,
    subject ${text} NOT NULL,
    address ${text} NOT NULL`,
  ),
  `ALTER TABLE "accessTokens" ADD COLUMN person ${text} REFERENCES people (id) ON DELETE CASCADE`,
  words.index('accessTokensByPerson', '"accessTokens"', 'person'),
]
