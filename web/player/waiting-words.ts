import type { ChapterListed } from '../../src/http/contract.ts'

/** Why the listener has to wait at the end of what is spoken, and whether asking for the rest would help. */
export function waitingWords(status: ChapterListed['status'] | undefined): { words: string; ask: boolean } {
  switch (status) {
    case 'none':
    case 'cancelled':
    case 'failed':
      return { words: 'The rest of this chapter has not been asked for.', ask: true }
    case 'paused':
      return { words: 'The work is paused. It goes on when you let it.', ask: false }
    default:
      return { words: 'Waiting for the next sentence to be spoken.', ask: false }
  }
}
