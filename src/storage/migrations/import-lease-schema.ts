import type { SchemaStep } from './schema-words.ts'

/**
 * Until when a novel that is not complete counts as being imported (epoch milliseconds by the database's clock); NULL where
 * one server has the database for itself.
 */
export const importLeaseSchema: SchemaStep = ({ integer }) => [
  `ALTER TABLE novels ADD COLUMN "importUntil" ${integer}`,
]
