import { plural, t } from '@lingui/core/macro'
import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { figure } from '../element/figure-words.ts'
import { durationWords } from '../element/time-words.ts'
import { saidWords } from '../i18n/said-words.ts'

type Doing = Pick<SpeechServerView, 'state' | 'message' | 'messageSaid' | 'nextTryAt' | 'title'>

/** How a server does, in a sentence that counts the seconds itself. `now` in milliseconds. */
export function serverWords(
  { state, message: told, messageSaid, nextTryAt, title }: Doing,
  now: number,
): string {
  if (state === 'ok') return t`Ready`
  // Of what it says when it rests, the seconds were counted when it sent them.
  const { retrySeconds: _, ...said } = messageSaid ?? { code: '', details: {} }
  const message = told === null ? null : saidWords(told, messageSaid && said)
  if (state !== 'resting') return message ?? (state === 'refused' ? t`${title} refuses` : t`${title} is spent`)
  const complaint = (message ?? t`${title} rests`).replace(
    /; (?:next try in [^;]*|it is being tried again)$/,
    '',
  )
  const left = Math.ceil((Date.parse(nextTryAt ?? '') - now) / 1000)
  return left > 0
    ? t`${complaint}; next try in ${durationWords(left)}`
    : t`${complaint}; it is tried again as soon as it is needed`
}

/** What it has spoken in this month; `undefined` where there is nothing to tell. */
export function monthWords(
  server: Pick<SpeechServerView, 'charactersThisMonth' | 'charactersPerMonth'>,
): string | undefined {
  const { charactersThisMonth: used, charactersPerMonth: most } = server
  if (most === null && used === 0) return undefined
  return most === null
    ? plural(used, { one: '# character this month', other: '# characters this month' })
    : t`${figure(used)} of ${plural(most, { one: '# character', other: '# characters' })} this month`
}
