import { useEffect, useRef } from 'react'
import { adding } from '../live/watchers.ts'

export interface Announcement {
  readonly id: number
  readonly words: string
}

/** As many stay as are said at most before a screen reader has noticed the first of them. */
const kept = 8

const watchers = new Set<() => void>()
let count = 0
let list: readonly Announcement[] = []

/** What the page's one live region has, the latest last. */
export const announcements = {
  watch: adding(watchers),
  list: (): readonly Announcement[] => list,
}

/** Has a screen reader say something, after what it is saying now. */
export function announce(words: string): void {
  list = [...list, { id: ++count, words }].slice(-kept)
  for (const watcher of watchers) watcher()
}

/** Announces words whenever they have become others; not those with which a component comes, which are read in their place. */
export function useAnnounced(words: string | false | null | undefined): void {
  const before = useRef(words)
  useEffect(() => {
    if (before.current === words) return
    before.current = words
    if (words) announce(words)
  }, [words])
}
