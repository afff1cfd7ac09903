import type { SchemaStep } from './schema-words.ts'

/**
 * Novels that somebody keeps to themselves: `keeper` is the listener who alone sees it, `addedBy` who has added it; both NULL
 * for those of the house.
 */
export const keptNovelsSchema: SchemaStep = ({ text, ...words }) => [
  `ALTER TABLE novels ADD COLUMN keeper ${text}`,
  `ALTER TABLE novels ADD COLUMN "addedBy" ${text}`,
  words.index('novelsByKeeper', 'novels', 'keeper'),
]
