import { plural, t } from '@lingui/core/macro'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { figure, partOf } from './figure-words.ts'
import type { Marks } from './ribbon-model.ts'
import { lengthWords, percentOf } from './time-words.ts'

/** A generation's status in a person's words. */
export function generationWords(status: Progress['status']): string {
  const words = {
    pending: t`Waiting in line`,
    running: t`Being spoken`,
    paused: t`Paused`,
    completed: t`Spoken to the end`,
    failed: t`Spoken, with gaps`,
    cancelled: t`Cancelled`,
  } as const
  return words[status]
}

/** A chapter's state in a line of the list. `speaking`: some of it is being spoken at this moment. */
export function chapterWords(
  chapter: Pick<ChapterListed, 'status' | 'segmentsDone' | 'segmentsTotal' | 'seconds' | 'narrated'>,
  speaking = false,
): string {
  const { status, segmentsDone: done, segmentsTotal: total } = chapter
  const part = partOf(done, total)
  if (status === 'completed') return chapter.seconds === undefined ? t`Spoken` : lengthWords(chapter.seconds)
  if (status === 'failed')
    return plural(total - done, { one: '# sentence missing', other: '# sentences missing' })
  if (status === 'running' || speaking) return done > 0 ? part : t`Being spoken`
  if (status === 'pending') return done > 0 ? t`In line, ${part}` : t`In line`
  if (status === 'paused') return done > 0 ? t`Paused, ${part}` : t`Paused`
  if (status === 'cancelled' && done > 0) return t`${part}, stopped`
  return chapter.narrated ? t`Not spoken yet` : t`Left out`
}

/** Whether something is being spoken, by the moment's marks. */
export function isSpeaking(marks: Marks): boolean {
  return [...marks.values()].includes('speaking')
}

/** How much was listened to: `heard`, if the server counts it as finished, `40 % heard`; empty when nothing was. */
export function heardWords(heard: number, total: number, finished = false): string {
  if (finished) return t`heard`
  if (heard === 0 || total === 0) return ''
  return t`${Math.min(99, Math.max(1, percentOf(heard, total)))} % heard`
}

/** What a ribbon says to the ear. */
export function ribbonWords(done: number, total: number): string {
  return t`${figure(done)} of ${plural(total, { one: '# sentence', other: '# sentences' })} spoken`
}
