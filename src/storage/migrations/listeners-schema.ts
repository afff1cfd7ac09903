import type { SchemaStep } from './schema-words.ts'

/** Who listens, with the settings of each: for everything, and by novel. */
export const listenersSchema: SchemaStep = ({ text, now, ...words }) => [
  words.table('listeners', `id ${text} PRIMARY KEY, name ${text} NOT NULL, "createdAt" ${text} NOT NULL`),
  `INSERT INTO listeners VALUES ('home', 'Home', ${now})`,
  words.table(
    '"listenerSettings"',
    `listener ${text} PRIMARY KEY REFERENCES listeners (id) ON DELETE CASCADE,
    settings ${text} NOT NULL,
    "updatedAt" ${text} NOT NULL`,
  ),
  words.table(
    '"novelSettings"',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    settings ${text} NOT NULL,
    "updatedAt" ${text} NOT NULL,
    PRIMARY KEY (listener, "novelId")`,
  ),
  words.index('novelSettingsByNovel', '"novelSettings"', '"novelId"'),
]
