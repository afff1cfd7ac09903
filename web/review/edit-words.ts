import { t } from '@lingui/core/macro'
import type { Review, ReviewedChapter } from '../../src/http/contract/review-contract.ts'

type JournalEntry = NonNullable<Review['undo']>

/** What an entry of the journal did, for the buttons that take it back. */
export function editWords({ kind, chapterNumber: number }: JournalEntry): string {
  switch (kind) {
    case 'rename':
      return t`the new name of chapter ${number}`
    case 'part':
      return t`the part from chapter ${number} on`
    case 'merge':
      return t`the merging of chapter ${number}`
    case 'split':
      return t`the splitting of chapter ${number}`
    case 'move':
      return t`the moving at chapter ${number}`
    case 'narrate':
      return t`what is read from chapter ${number} on`
    case 'restore':
      return t`the restored text from chapter ${number} on`
    case 'cast':
      return t`the voices from chapter ${number} on`
    case 'lexicon':
      return t`how words are said from chapter ${number} on`
    case 'grow':
      return t`the other version that was taken over`
    case 'reread':
      return t`the texts that were read again`
    default:
      return t`where chapters begin`
  }
}

/** Why a chapter is read aloud or not. */
export function reasonWords({ narrated, reason }: Pick<ReviewedChapter, 'narrated' | 'reason'>): string {
  switch (reason) {
    case 'story':
      return t`read: it is part of the story`
    case 'front':
      return t`not read: it stands before the story`
    case 'back':
      return t`not read: it stands after the story`
    case 'no-text':
      return t`not read: it has no text`
    default:
      return narrated ? t`read: somebody chose it` : t`not read: somebody left it out`
  }
}
