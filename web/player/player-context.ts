import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Player } from './player.ts'
import type { PlayerState } from './player-state.ts'

export const PlayerContext = createContext<Player | undefined>(undefined)

export function usePlayer(): Player {
  const player = useContext(PlayerContext)
  if (!player) throw new Error('no player around this component')
  return player
}

/** Whether a chapter is in the player, and whether it sounds. */
export function useHeard(novelId: string, chapterNumber: number): 'playing' | 'paused' | undefined {
  return usePlayerState(({ novel, chapterNumber: number, playing }) => {
    if (novel?.id !== novelId || number !== chapterNumber) return undefined
    return playing ? 'playing' : 'paused'
  })
}

/** A part of the player's state; the component is drawn again only when this part changes. */
export function usePlayerState<T>(part: (state: PlayerState) => T): T {
  const player = usePlayer()
  return useSyncExternalStore(player.store.watch, () => part(player.store.state))
}
