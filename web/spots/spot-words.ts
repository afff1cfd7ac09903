import { t } from '@lingui/core/macro'
import type { Spot } from '../../src/http/contract/spot-contract.ts'
import { figure } from '../element/figure-words.ts'

/** What is suspicious, with what was measured. */
export function reasonWords({ code, value, limit }: Spot['reasons'][number]): string {
  const seconds = figure(Number(value.toFixed(1)))
  const usual = figure(Number(limit.toFixed(1)))
  switch (code) {
    case 'too-short':
      return t`too short: ${seconds} s of sound, at least ${usual} s are likely`
    case 'too-long':
      return t`too long: ${seconds} s of sound, at most ${usual} s are likely`
    case 'fast':
      return t`too fast: ${figure(Math.round(value))} words a minute`
    case 'silence':
      return t`silent for ${seconds} s`
    case 'clipped':
      return t`distorted in ${figure(Math.max(1, Math.round(value * 100)))} % of it`
    case 'repeat':
      return t`something may be heard twice`
    case 'tail':
      return t`${seconds} s of sound after the last word`
    case 'cut-off':
      return t`cut off at its end`
    default:
      return t`gaps in the sound`
  }
}
