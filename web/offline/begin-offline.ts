import type { QueryClient } from '@tanstack/react-query'
import { keys } from '../keys.ts'
import type { Feed } from '../live/feed.ts'
import type { Player } from '../player/player.ts'
import { keepSoon } from './keeping.ts'
import { keptStore } from './kept-store.ts'
import { keepSending, sendUnsent } from './listener-outbox.ts'
import { pageVersion } from './page-version.ts'

/** Milliseconds after which what is kept is compared with the server again, though nothing was told. */
const compareEvery = 10 * 60_000

/** Lets the page open without a server, keeps what is to be kept, and sends what the server does not know yet. */
export function beginOffline(client: QueryClient, feed: Feed, player: Player): void {
  keepSending()
  void keptStore.read().then(keepSoon)
  setInterval(keepSoon, compareEvery)
  // While it is developed the page comes from memory, and changes.
  if (!import.meta.env.DEV) void pageVersion.begin()
  let { openings, connection } = feed
  feed.watch(() => {
    const lost = feed.connection === 'lost'
    if (lost !== (connection === 'lost') && !lost) back()
    ;({ connection } = feed)
    if (feed.openings === openings) return
    // The page itself is as new as the first one; a server that was away may have come back as another version.
    if (openings > 0) pageVersion.look()
    if (openings > 0) back()
    ;({ openings } = feed)
  })
  function back(): void {
    keepSoon()
    void sendUnsent().then(() => client.invalidateQueries({ queryKey: keys.bookmarks }))
  }
  // What is to be kept may be spoken now.
  feed.watchProgress(({ novelId }) => {
    if (keptStore.now.novels.some(({ id }) => id === novelId)) keepSoon()
  })
  let { chapterNumber } = player.store.state
  player.store.watch(() => {
    if (player.store.state.chapterNumber === chapterNumber) return
    ;({ chapterNumber } = player.store.state)
    keepSoon()
  })
}
