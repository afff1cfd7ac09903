import { rememberNovelFiles } from './baseline-novels.ts'
import type { SchemaStep } from './schema-words.ts'

/**
 * Versions of novels: a row of `novels` with `complete` = 4 is offered to the novel `versionOf`, with 5 it holds the file that
 * the novel was read from, which `source` names there. `toSpeak`: ids of new chapters that are not asked for yet, JSON.
 */
export const novelVersionsSchema: SchemaStep = ({ integer, text, ...words }) => [
  `ALTER TABLE novels ADD COLUMN "versionOf" ${text}`,
  `ALTER TABLE novels ADD COLUMN source ${text}`,
  `ALTER TABLE novels ADD COLUMN "speakNew" ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE novels ADD COLUMN "toSpeak" ${text}`,
  `ALTER TABLE "chapterEdits" ADD COLUMN sources ${text}`,
  words.index('novelsByVersion', 'novels', '"versionOf"'),
  ...words.dropTrigger('novelDeleted', 'novels'),
  ...words.dropTrigger('novelHidden', 'novels'),
  ...words.trigger({
    name: 'novelDeleted',
    event: 'DELETE',
    table: 'novels',
    when: 'old.complete IN (1, 3, 4, 5)',
    run: rememberNovelFiles,
  }),
  ...words.trigger({
    name: 'novelHidden',
    event: 'UPDATE OF complete',
    table: 'novels',
    when: 'old.complete IN (1, 3, 4, 5) AND new.complete NOT IN (1, 3, 4, 5)',
    run: rememberNovelFiles,
  }),
]
