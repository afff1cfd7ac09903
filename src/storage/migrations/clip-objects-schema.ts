import type { SchemaStep } from './schema-words.ts'

/**
 * Where the audio of a clip is if not in its row: in an object of its own, or in a pack, which has an `offset`. Whatever
 * deletes a row or gives it another object notes the old object, which is removed later if no row has it by then.
 */
export const clipObjectsSchema: SchemaStep = ({ integer, text, ...words }) =>
  words.amongServers([
    `ALTER TABLE clips.clips
       ALTER COLUMN adts DROP NOT NULL,
       ADD COLUMN bytes ${integer},
       ADD COLUMN object ${text},
       ADD COLUMN "offset" ${integer}`,
    'CREATE INDEX "clipsByPack" ON clips.clips (object) WHERE "offset" IS NOT NULL',
    words.table('clips."leftoverObjects"', `object ${text} PRIMARY KEY, at ${integer} NOT NULL`),
    ...noting('clipObjectReleased', 'DELETE', 'OLD TABLE AS gone', 'FROM gone WHERE object IS NOT NULL'),
    ...noting(
      'clipObjectReplaced',
      'UPDATE',
      'OLD TABLE AS gone NEW TABLE AS come',
      'FROM gone JOIN come USING (id) WHERE gone.object <> come.object',
    ),
  ])

/** Once a statement, in one order, so that two of them wait for each other instead of stopping each other. */
function noting(name: string, event: string, tables: string, from: string): readonly string[] {
  const gone = from.includes('JOIN') ? 'gone.object' : 'object'
  return [
    `CREATE FUNCTION clips."${name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO clips."leftoverObjects" (object, at)
       SELECT DISTINCT ${gone}, (extract(epoch FROM statement_timestamp()) * 1000)::bigint ${from} ORDER BY 1
       ON CONFLICT (object) DO UPDATE SET at = excluded.at;
       RETURN NULL; END $$`,
    `CREATE TRIGGER "${name}" AFTER ${event} ON clips.clips REFERENCING ${tables}
     FOR EACH STATEMENT EXECUTE FUNCTION clips."${name}"()`,
  ]
}
