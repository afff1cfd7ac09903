import { lazyPage } from '../lazy-pages/lazy-page.tsx'

// The full player is a script of its own, which is fetched as soon as something is heard.

export const FullPlayer = lazyPage(async () => (await import('./full/full-player.tsx')).FullPlayer)
export const PlayerHelp = lazyPage(async () => (await import('./full/player-help.tsx')).PlayerHelp)

export function preloadFullPlayer(): void {
  // What cannot be fetched now is fetched when it is opened.
  for (const each of [FullPlayer, PlayerHelp]) each.preload().catch(() => undefined)
}
