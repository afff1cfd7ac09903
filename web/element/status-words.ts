import type { Progress } from '../../src/http/contract/generation-contract.ts'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { counted, partOf } from './figure-words.ts'
import type { Marks } from './ribbon-model.ts'
import { lengthWords, percentOf } from './time-words.ts'

/** A generation's status in a person's words. */
export function generationWords(status: Progress['status']): string {
  const words = {
    pending: 'Waiting in line',
    running: 'Being spoken',
    paused: 'Paused',
    completed: 'Spoken to the end',
    failed: 'Spoken, with gaps',
    cancelled: 'Cancelled',
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
  if (status === 'completed') return chapter.seconds === undefined ? 'Spoken' : lengthWords(chapter.seconds)
  if (status === 'failed') return `${counted(total - done, 'sentence')} missing`
  if (status === 'running' || speaking) return done > 0 ? part : 'Being spoken'
  if (status === 'pending') return done > 0 ? `In line, ${part}` : 'In line'
  if (status === 'paused') return done > 0 ? `Paused, ${part}` : 'Paused'
  if (status === 'cancelled' && done > 0) return `${part}, stopped`
  return chapter.narrated ? 'Not spoken yet' : 'Left out'
}

/** Whether something is being spoken, by the moment's marks. */
export function isSpeaking(marks: Marks): boolean {
  return [...marks.values()].includes('speaking')
}

/** How much was listened to: `heard`, `40 % heard`; empty when nothing was. Sentences that are missing cannot be heard. */
export function heardWords(heard: number, total: number): string {
  if (heard === 0 || total === 0) return ''
  return heard >= total * 0.97 ? 'heard' : `${Math.max(1, percentOf(heard, total))} % heard`
}

/** What a ribbon says to the ear. */
export function ribbonWords(done: number, total: number): string {
  return `${partOf(done, total, 'sentence')} spoken`
}
