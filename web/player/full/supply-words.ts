import { t } from '@lingui/core/macro'
import { clock } from '../../element/time-words.ts'
import type { PlayerState } from '../player-state.ts'

/** Until where the chapter can be heard, and whether the listener will catch up with the speaker. */
export function supplyWords({
  complete,
  length,
  catchUp,
  about,
}: Pick<PlayerState, 'complete' | 'length' | 'catchUp' | 'about'>): string | undefined {
  if (complete) return undefined
  const until = `${about ? '≈ ' : ''}${clock(length)}`
  if (catchUp === 'unknown') return t`Ready until ${until}.`
  if (catchUp === 'never') return t`Ready until ${until}; speaking is faster than listening.`
  if (catchUp < 45) return t`Ready until ${until}; you will catch up in less than a minute.`
  const minutes = Math.max(1, Math.round(catchUp / 60))
  return t`Ready until ${until}; you will catch up in about ${minutes} min.`
}
