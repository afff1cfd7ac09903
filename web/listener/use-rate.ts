import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { usePlayerState } from '../player/player-context.ts'
import { useListenerSettings } from './use-settings.ts'

/** The speed at which a novel is played: as it plays now, as it was set for it, or as it is set for all. */
export function useRate({ id, rate }: Pick<Novel, 'id' | 'rate'>): number {
  const [{ player }] = useListenerSettings()
  const playing = usePlayerState((state) => (state.novel?.id === id ? state.rate : undefined))
  return playing ?? rate ?? player.rate
}
