import { z } from 'zod'
import type { InboxSpeaking } from './novel/inbox-state.ts'

/** The settings of the watched folder. */
export const inboxSettings = {
  NIGHTJAR_INBOX: z
    .string()
    .default('')
    .describe(
      'a folder whose books are imported when they are put there, a library of Calibre too; empty: none',
    ),
  NIGHTJAR_INBOX_SPEAK: z
    .string()
    .regex(/^(?:no|all|[1-9]\d{0,4})$/, { message: 'no, all, or a number of chapters' })
    .default('no')
    .describe('what is spoken of them by itself: `no`, `all`, or so many chapters from the beginning'),
  NIGHTJAR_INBOX_EVERY: z.coerce
    .number()
    .min(0.1)
    .max(86_400)
    .default(10)
    .describe('seconds between two looks at that folder; a file is read when two looks find it the same'),
}

/** What is spoken of a book from the watched folder by itself. */
export function inboxSpeaking(setting: string): InboxSpeaking {
  return setting === 'no' || setting === 'all' ? setting : Number(setting)
}
