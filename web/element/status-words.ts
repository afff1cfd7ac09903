import type { ChapterListed, Progress } from '../../src/http/contract.ts'
import { counted, lengthWords } from './time-words.ts'

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

/** A chapter's state in a line of the list. */
export function chapterWords(
  chapter: Pick<ChapterListed, 'status' | 'segmentsDone' | 'segmentsTotal' | 'seconds' | 'narrated'>,
): string {
  const { status, segmentsDone: done, segmentsTotal: total } = chapter
  const part = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  if (status === 'completed') return chapter.seconds === undefined ? 'Spoken' : lengthWords(chapter.seconds)
  if (status === 'failed') return `${counted(total - done, 'sentence')} missing`
  if (status === 'pending') return done > 0 ? `In line, ${part}` : 'In line'
  if (status === 'running') return part
  if (status === 'paused') return done > 0 ? `Paused, ${part}` : 'Paused'
  if (status === 'cancelled' && done > 0) return `${part}, stopped`
  // Sentences that another book, or an earlier voice, has spoken already.
  if (done > 0) return part
  return chapter.narrated ? 'Not spoken yet' : 'Left out'
}

/** What a ribbon says to the ear. */
export function ribbonWords(done: number, total: number): string {
  return `${done.toLocaleString('en')} of ${counted(total, 'sentence')} spoken`
}
