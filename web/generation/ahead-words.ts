import { plural, t } from '@lingui/core/macro'
import type { Progress, ProgressBrief } from '../../src/http/contract/generation-contract.ts'
import { figure } from '../element/figure-words.ts'
import { generationWords } from '../element/status-words.ts'

export function aheadWords(chapters: number): string {
  return plural(chapters, { one: 'Keeps # chapter ahead', other: 'Keeps # chapters ahead' })
}

/** How much of what is to be there now is there: never of the book. */
export function aheadReadyWords({ ready, planned }: NonNullable<Progress['ahead']>): string {
  return t`${figure(ready)} of ${plural(planned, { one: '# chapter', other: '# chapters' })} ready`
}

/** The state of work in a person's words. What keeps ahead is never done: all of it is ready. */
export function workWords({ status, ahead }: Pick<ProgressBrief, 'status' | 'ahead'>): string {
  return ahead && status === 'completed' ? t`All ahead is ready` : generationWords(status)
}
