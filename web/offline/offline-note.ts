import { adding } from '../live/watchers.ts'

const watchers = new Set<() => void>()
let words: string | undefined

/** Something that happened while nobody looked, in one sentence; shown until it is put away. */
export const offlineNote = {
  watch: adding(watchers),
  words: (): string | undefined => words,
}

export function noteOffline(note: string | undefined): void {
  words = note
  for (const watcher of watchers) watcher()
}
