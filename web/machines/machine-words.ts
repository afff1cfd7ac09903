import { plural, t } from '@lingui/core/macro'
import type { Machine, Server } from '../../src/http/contract/speaker-contract.ts'
import { figure } from '../element/figure-words.ts'
import { ago } from '../element/time-words.ts'

/** How a machine does, in a person’s words; `now` in milliseconds. */
export function machineWords({ state, leases, seenAt }: Machine, now: number): string {
  const busy = leases.length > 0
  if (state === 'away') return t`Silent; last heard of ${ago(Date.parse(seenAt), now)}`
  if (state === 'draining')
    return busy ? t`Finishes what it speaks, then rests` : t`At rest until you wake it`
  if (state === 'closing') return t`Its server is stopping; it comes back by itself`
  return busy ? t`Speaking` : t`Waiting for something to speak`
}

export function serverWords({ slots, leases }: Server): string {
  if (slots === 0) return t`Keeps the books, and leaves the speaking to others`
  return leases.length > 0 ? t`Speaking` : t`Waiting for something to speak`
}

/** What is said to the ear when it changes; not every sentence that begins and ends. */
export function changeWords({ name, state }: Machine): string {
  if (state === 'away') return t`${name} is silent`
  return state === 'draining' ? t`${name} is given nothing more` : ''
}

/** `0.85 ×`, `9.8 ×`, `24 ×`: how much faster than it is listened to. */
export function speedWords(realTimeFactor: number): string {
  const digits = realTimeFactor < 1 ? 2 : realTimeFactor < 10 ? 1 : 0
  return t`${figure(Number(realTimeFactor.toFixed(digits)))} × real time`
}

/** What the row of speakers says to the ear. */
export function slotWords(busy: number, slots: number): string {
  return t`${figure(busy)} of ${plural(slots, { one: '# speaker', other: '# speakers' })} at work`
}

type Lease = Server['leases'][number]

/** A chapter, or something that is in no book, that is being spoken in one voice. */
export interface Spoken {
  readonly key: string
  readonly voice: string
  readonly chapter?: { readonly novelId: string; readonly number: number }
  readonly sentences: number
}

/** What is being spoken, gathered by chapter and voice: sentences pass too quickly to be read. */
export function spokenNow(leases: readonly Lease[]): Spoken[] {
  const groups = Map.groupBy(leases, ({ voice, segment }) =>
    segment ? `${segment.novelId}/${segment.chapterNumber}/${voice}` : voice,
  )
  return [...groups].map(([key, group]) => {
    const { voice, segment } = group[0]!
    return {
      key,
      voice,
      ...(segment && { chapter: { novelId: segment.novelId, number: segment.chapterNumber } }),
      sentences: group.length,
    }
  })
}
