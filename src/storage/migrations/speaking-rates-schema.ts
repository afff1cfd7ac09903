import type { SchemaStep } from './schema-words.ts'

/** How fast each machine has spoken in each voice, and what the time of a next generation is estimated from. */
export const speakingRatesSchema: SchemaStep = ({ integer, real, text, ...words }) => [
  words.table(
    '"speakingRates"',
    `machine ${text} NOT NULL,
    voice ${text} NOT NULL,
    segments ${integer} NOT NULL,
    characters ${real} NOT NULL,
    "speechSeconds" ${real} NOT NULL,
    "pacedSeconds" ${real} NOT NULL,
    "busySeconds" ${real} NOT NULL,
    PRIMARY KEY (machine, voice)`,
    { rowless: true },
  ),
]
