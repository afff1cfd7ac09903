/** What became of a file of the watched folder. `imported`: also what was on the shelf already. */
export const inboxStates = ['imported', 'refused'] as const
export type InboxState = (typeof inboxStates)[number]

/** What is spoken of a book from the watched folder by itself: nothing, all of it, or so many chapters from its beginning. */
export type InboxSpeaking = 'no' | 'all' | number
