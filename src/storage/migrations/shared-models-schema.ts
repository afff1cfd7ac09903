import type { SchemaStep } from './schema-words.ts'

/**
 * Voices of Kokoro share one model, in the folder `voices/CHECKSUM`, which is a leftover when its last voice goes; what a
 * voice costs on this machine, and of what it was blended.
 */
export const sharedModelsSchema: SchemaStep = ({ integer, real, text, ...words }) => [
  `ALTER TABLE voices ADD COLUMN weights ${text}`,
  `ALTER TABLE voices ADD COLUMN "speechPerCpuSecond" ${real}`,
  `ALTER TABLE voices ADD COLUMN "memoryBytes" ${integer}`,
  `ALTER TABLE voices ADD COLUMN blend ${text}`,
  `ALTER TABLE "voiceInstalls" ADD COLUMN weights ${text}`,
  ...words.trigger({
    name: 'sharedModelDeleted',
    event: 'DELETE',
    table: 'voices',
    when: `old.family = 'kokoro'`,
    run: `INSERT INTO "leftoverFiles" SELECT 'voices/' || old.checksum
      WHERE NOT EXISTS (SELECT 1 FROM voices WHERE checksum = old.checksum)
      ON CONFLICT DO NOTHING`,
  }),
  ...words.trigger({
    name: 'sharedModelInserted',
    event: 'INSERT',
    table: 'voices',
    when: `new.family = 'kokoro'`,
    run: `DELETE FROM "leftoverFiles" WHERE path = 'voices/' || new.checksum`,
  }),
]
