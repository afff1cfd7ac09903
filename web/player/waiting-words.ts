import type { ChapterListed } from '../../src/http/contract.ts'

export const interrupted = 'Nightjar does not answer just now. It goes on by itself.'

/** Why the listener has to wait at the end of what is there, and whether asking for the rest would help. */
export function waitingWords(
  status: ChapterListed['status'] | undefined,
  connected: boolean,
): { words: string; ask: boolean } {
  if (!connected) return { words: interrupted, ask: false }
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
