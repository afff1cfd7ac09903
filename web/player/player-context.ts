import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Player } from './player.ts'
import type { PlayerState } from './player-state.ts'

export const PlayerContext = createContext<Player | undefined>(undefined)

export function usePlayer(): Player {
  const player = useContext(PlayerContext)
  if (!player) throw new Error('no player around this component')
  return player
}

/** A part of the player's state; the component is drawn again only when this part changes. */
export function usePlayerState<T>(part: (state: PlayerState) => T): T {
  const player = usePlayer()
  return useSyncExternalStore(player.store.watch, () => part(player.store.state))
}
