import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { api } from './api.ts'
import { App } from './app.tsx'
import { base } from './base.ts'
import { contact } from './contact.ts'
import { keys } from './keys.ts'
import { preferredLanguage, speakLanguage } from './i18n/language.ts'
import { Localised } from './i18n/localised.tsx'
import { Feed } from './live/feed.ts'
import { recalledSettings, settingsQuery } from './listener/kept-settings.ts'
import { FeedContext } from './live/live.tsx'
import { beginOffline } from './offline/begin-offline.ts'
import { watchPage } from './player/page-signs.ts'
import { Player } from './player/player.ts'
import { PlayerContext } from './player/player-context.ts'
import { notifyWhenReady } from './settings/ready-notifications.ts'
import { worthRetrying } from './queries.ts'

const client = new QueryClient({
  defaultOptions: {
    // Nightjar often runs on the same machine or in the house: it can be there although the internet is not.
    queries: { networkMode: 'always', staleTime: 10_000, retry: worthRetrying },
    mutations: { networkMode: 'always' },
  },
})
const feed = new Feed(client)
Object.assign(contact, {
  isLost: () => feed.connection === 'lost',
  answered: () => feed.answered(),
  unanswered: () => feed.unanswered(),
  signedOut: () => void client.invalidateQueries({ queryKey: keys.account }),
})
const player = new Player(client, feed)
notifyWhenReady(feed, {
  wanted: () => recalledSettings().notify?.browser === true,
  titleOf: async (id) =>
    (await client.ensureQueryData({ queryKey: keys.novel(id), queryFn: () => api.novel(id) })).novel.title,
})
watchPage(player)
beginOffline(client, feed, player)
// What was changed without a server is sent, and what another device changed is known.
void client.prefetchQuery(settingsQuery())

/** Without the words of its language there is no page: they are fetched until the server gives them. */
async function begin(place: HTMLElement): Promise<void> {
  for (;;) {
    const fetched = await speakLanguage(preferredLanguage()).then(
      () => true,
      () => false,
    )
    if (fetched) return
    place.textContent = 'Nightjar does not answer just now. · Nightjar chưa trả lời.'
    await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

const root = document.getElementById('nightjar')
if (!root) throw new Error('index.html has no element with the id nightjar')
await begin(root)
createRoot(root).render(
  <QueryClientProvider client={client}>
    <FeedContext value={feed}>
      <PlayerContext value={player}>
        <Router base={base}>
          <Localised>{() => <App />}</Localised>
        </Router>
      </PlayerContext>
    </FeedContext>
  </QueryClientProvider>,
)
