import { room } from '../rooms/room.tsx'

// The full player is a script of its own, which is fetched as soon as something is chosen to be heard.

export const FullPlayer = room(async () => (await import('./room/full-player.tsx')).FullPlayer)
export const PlayerHelp = room(async () => (await import('./room/player-help.tsx')).PlayerHelp)

export function preloadFullPlayer(): void {
  // What cannot be fetched now is fetched when it is opened.
  for (const each of [FullPlayer, PlayerHelp]) each.preload().catch(() => undefined)
}
