import type { SchemaStep } from './schema-words.ts'

/**
 * How long a listener listened to a novel on a day, by sitting: each sitting reports its own totals, of which the highest
 * count, so that a report that comes twice, or after a later one, changes nothing.
 */
export const listeningDaysSchema: SchemaStep = ({ real, text, ...words }) => [
  words.table(
    '"listeningDays"',
    `listener ${text} NOT NULL REFERENCES listeners (id) ON DELETE CASCADE,
    "novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    day ${text} NOT NULL,
    sitting ${text} NOT NULL,
    "wallSeconds" ${real} NOT NULL,
    "audioSeconds" ${real} NOT NULL,
    PRIMARY KEY (listener, "novelId", day, sitting)`,
    { rowless: true },
  ),
  words.index('listeningDaysByDay', '"listeningDays"', 'listener, day'),
  words.index('listeningDaysByNovel', '"listeningDays"', '"novelId"'),
]
