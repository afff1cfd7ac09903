import { t } from '@lingui/core/macro'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { AnswerError } from '../answer-error.ts'

export function interruptedWords(): string {
  return t`Nightjar does not answer just now. It goes on by itself.`
}

/** To who may not have the book spoken. */
function barredWords(): string {
  return t`This is not spoken yet. An editor or an admin can have it spoken.`
}

/** What went wrong, as it is told to the listener. */
export function troubleWords(error: unknown): string {
  if (error instanceof AnswerError && error.code === 'account.forbidden') return barredWords()
  return error instanceof Error ? error.message : t`Something went wrong. Press play to try again.`
}

/**
 * Why the listener has to wait at the end of what is there, and whether asking for the rest would help. `refused`: what
 * the server said when it was asked.
 */
export function waitingWords(
  status: ChapterListed['status'] | undefined,
  connected: boolean,
  refused?: string,
): { words: string; ask: boolean } {
  if (!connected) return { words: interruptedWords(), ask: false }
  const isUnderway = status === 'pending' || status === 'running'
  if (refused !== undefined && !isUnderway) return { words: refused, ask: refused !== barredWords() }
  switch (status) {
    case 'none':
    case 'cancelled':
    case 'failed':
      return { words: t`The rest of this chapter has not been asked for.`, ask: true }
    case 'paused':
      return { words: t`The work is paused. It goes on when you let it.`, ask: false }
    default:
      return { words: t`Waiting for the next sentence to be spoken.`, ask: false }
  }
}
