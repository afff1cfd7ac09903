/** What the column `complete` of a novel says. */
export const novelState = {
  /** During its import and deletion: no query returns it, and the next start removes it. */
  hidden: 0,
  /** On the shelf: the one state that people and programs see. */
  shelved: 1,
  /** It holds the chapters that edits of another novel have replaced, for them to be undone. No query returns it. */
  replaced: 2,
  /** In the trash: only `trash-queries.ts` returns it, and its files are needed. */
  trashed: 3,
} as const

export type NovelState = (typeof novelState)[keyof typeof novelState]

/** Of novels whose files are needed. */
export const statesWithFiles: readonly NovelState[] = [novelState.shelved, novelState.trashed]
