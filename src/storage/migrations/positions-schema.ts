import type { SchemaStep } from './schema-words.ts'

/**
 * Positions and what was heard refer to their listener; a position knows the device that saved it, and `updatedAt` is when
 * it was listened to. What is there belongs to the listener whom the schema began with.
 */
export const positionsSchema: SchemaStep = ({ integer, real, text, now, ...words }) => [
  words.table(
    '"newPositions"',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    "chapterNumber" ${integer} NOT NULL,
    segment ${integer} NOT NULL,
    seconds ${real} NOT NULL,
    device ${text},
    "deviceName" ${text},
    "updatedAt" ${text} NOT NULL,
    PRIMARY KEY (listener, "novelId")`,
    { rowless: true },
  ),
  `INSERT INTO "newPositions"
   SELECT 'home', "novelId", "chapterNumber", segment, seconds, NULL, NULL, "updatedAt" FROM positions`,
  'DROP TABLE positions',
  'ALTER TABLE "newPositions" RENAME TO positions',
  words.index('positionsByNovel', 'positions', '"novelId"'),
  `INSERT INTO listeners
   SELECT DISTINCT listener, listener, ${now} FROM heard WHERE listener NOT IN (SELECT id FROM listeners)`,
  words.table(
    '"newHeard"',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    "chapterNumber" ${integer} NOT NULL,
    ranges ${text} NOT NULL,
    segments ${integer} NOT NULL,
    "updatedAt" ${text} NOT NULL,
    PRIMARY KEY (listener, "novelId", "chapterNumber")`,
    { rowless: true },
  ),
  `INSERT INTO "newHeard"
   SELECT listener, "novelId", "chapterNumber", ranges, segments, "updatedAt" FROM heard`,
  'DROP TABLE heard',
  'ALTER TABLE "newHeard" RENAME TO heard',
  words.index('heardByNovel', 'heard', '"novelId"'),
]
