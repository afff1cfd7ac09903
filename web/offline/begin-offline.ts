import type { Feed } from '../live/feed.ts'
import { pageVersion } from './page-version.ts'

/** Lets the page open without a server. */
export function beginOffline(feed: Feed): void {
  // While it is developed the page comes from memory, and changes.
  if (import.meta.env.DEV) return
  void pageVersion.begin()
  let { openings } = feed
  feed.watch(() => {
    if (feed.openings === openings) return
    // The page itself is as new as the first one.
    if (openings > 0) pageVersion.look()
    openings = feed.openings
  })
}
