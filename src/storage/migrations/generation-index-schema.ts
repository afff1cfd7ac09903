import type { SchemaStep } from './schema-words.ts'

/** Finds the latest generation of a novel in a casting without reading the others. */
export const generationIndexSchema: SchemaStep = (words) => [
  'DROP INDEX "generationsByCasting"',
  words.index('generationsByCasting', 'generations', 'casting, "novelId", "createdAt"'),
]
