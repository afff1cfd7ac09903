import type { SchemaStep } from './schema-words.ts'

/** Voices of every family but those whose voices each have a model of their own share one, as Kokoro's did before. */
export const moreSharedModelsSchema: SchemaStep = (words) => [
  ...words.dropTrigger('sharedModelDeleted', 'voices'),
  ...words.dropTrigger('sharedModelInserted', 'voices'),
  ...words.trigger({
    name: 'sharedModelDeleted',
    event: 'DELETE',
    table: 'voices',
    when: `old.family NOT IN ('piper', 'hibari')`,
    run: `INSERT INTO "leftoverFiles" SELECT 'voices/' || old.checksum
      WHERE NOT EXISTS (SELECT 1 FROM voices WHERE checksum = old.checksum)
      ON CONFLICT DO NOTHING`,
  }),
  ...words.trigger({
    name: 'sharedModelInserted',
    event: 'INSERT',
    table: 'voices',
    when: `new.family NOT IN ('piper', 'hibari')`,
    run: `DELETE FROM "leftoverFiles" WHERE path = 'voices/' || new.checksum`,
  }),
]
