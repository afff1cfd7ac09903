import type { SchemaStep } from './schema-words.ts'

/** Words of a novel that somebody heard and found well said. */
export const fineNamesSchema: SchemaStep = ({ text, ...words }) => [
  words.table(
    '"fineNames"',
    `"novelId" ${text} NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
    word ${text} NOT NULL,
    PRIMARY KEY ("novelId", word)`,
  ),
]
