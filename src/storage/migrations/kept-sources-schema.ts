import type { SchemaStep } from './schema-words.ts'

/** The same file may be there for all, and for each who keeps it to themselves (`novel-source.ts`); states: those with files. */
export const keptSourcesSchema: SchemaStep = () => [
  `UPDATE novels SET "sourceSha256" = "sourceSha256" || '@' || keeper WHERE keeper IS NOT NULL AND complete IN (1, 3, 4, 5)`,
]
