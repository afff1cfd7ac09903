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
  /** A file that was recognised as another version of a novel and waits for what is to become of it. No query of novels returns it. */
  offered: 4,
  /** It holds the file of a version that a novel has taken over; its chapters are the novel's. No query returns it. */
  taken: 5,
} as const

export type NovelState = (typeof novelState)[keyof typeof novelState]

/** Of novels whose files are needed. */
export const statesWithFiles: readonly NovelState[] = [
  novelState.shelved,
  novelState.trashed,
  novelState.offered,
  novelState.taken,
]

/** Of what a person can delete as a novel. */
export const statesOfNovels: readonly NovelState[] = [novelState.shelved, novelState.trashed]
