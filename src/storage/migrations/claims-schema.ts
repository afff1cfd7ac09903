import type { SchemaStep } from './schema-words.ts'

/**
 * The segments that are being spoken, on whichever server, by the key of the clip that each will be. Lost with a crash of
 * the database, which costs each speaker at most the segment in its hands.
 */
export const claimsSchema: SchemaStep = ({ integer, text, bytes, ...words }) => [
  words.table(
    'claims',
    `recipe ${bytes} NOT NULL,
    words ${bytes} NOT NULL,
    lease ${text} NOT NULL,
    server ${text} NOT NULL,
    machine ${text},
    "chapterId" ${integer} NOT NULL,
    idx ${integer} NOT NULL,
    attempts ${integer} NOT NULL,
    "until" ${integer} NOT NULL,
    PRIMARY KEY (recipe, words)`,
    { rowless: true, passing: true },
  ),
  words.index('claimsByLease', 'claims', 'lease'),
  words.index('claimsByServer', 'claims', 'server'),
  // In the commit of the clip, whichever server stores it.
  ...words.amongServers(
    words.trigger({
      name: 'clipStored',
      event: 'INSERT',
      table: 'clips.clips',
      run: 'DELETE FROM claims WHERE recipe = new.recipe AND words = new.words',
    }),
  ),
]
