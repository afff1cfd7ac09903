import { rememberNovelFiles } from './baseline-novels.ts'
import type { SchemaStep } from './schema-words.ts'

/** A novel in the trash has `complete` = 3; its files are leftovers only when it is hidden for good. */
export const trashSchema: SchemaStep = ({ text, ...words }) => [
  `ALTER TABLE novels ADD COLUMN "deletedAt" ${text}`,
  ...words.dropTrigger('novelDeleted', 'novels'),
  ...words.dropTrigger('novelHidden', 'novels'),
  ...words.trigger({
    name: 'novelDeleted',
    event: 'DELETE',
    table: 'novels',
    when: 'old.complete IN (1, 3)',
    run: rememberNovelFiles,
  }),
  ...words.trigger({
    name: 'novelHidden',
    event: 'UPDATE OF complete',
    table: 'novels',
    when: 'old.complete IN (1, 3) AND new.complete NOT IN (1, 3)',
    run: rememberNovelFiles,
  }),
]
