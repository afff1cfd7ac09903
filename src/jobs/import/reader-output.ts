import { on } from 'node:events'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { BookLexicon } from '../../novel/lexicon-entry.ts'
import type { Acknowledgement, ReaderMessage } from './book-reader.ts'

/** Large enough to keep commits few, small enough that no commit blocks the server. */
const segmentsPerMessage = 1000
/** Parts in transit or being stored. */
const maxUnacknowledgedParts = 2

const acknowledgements = on(process, 'message')
let unacknowledgedParts = 0

/** Resolves when the message is written to the pipe, which holds less than one message. */
export function sendMessage(message: ReaderMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}

/** Sends the first part, and returns what the server says by which the book's words are said. */
export async function sendHead(message: ReaderMessage): Promise<BookLexicon | undefined> {
  await sendMessage(message)
  const { value } = await acknowledgements.next()
  const [{ lexicon }] = value as [Acknowledgement]
  return lexicon
}

/** Sends a part when the server has acknowledged enough of those before. */
export async function sendPart(message: ReaderMessage): Promise<void> {
  if (unacknowledgedParts >= maxUnacknowledgedParts) {
    await acknowledgements.next()
    unacknowledgedParts--
  }
  unacknowledgedParts++
  await sendMessage(message)
}

/**
 * Sends chapters in batches of about so many segments, the next batch being made while the server stores one. `sizeOf`:
 * segments of a chapter.
 */
export async function sendInBatches<Chapter>(
  chapters: Iterable<Chapter>,
  sizeOf: (chapter: Chapter) => number,
  message: (batch: readonly Chapter[]) => ReaderMessage,
): Promise<void> {
  let sent: Promise<void> = Promise.resolve()
  let [batch, inBatch]: [Chapter[], number] = [[], 0]
  for (const chapter of chapters) {
    batch.push(chapter)
    inBatch += sizeOf(chapter)
    // Messages are sent only between turns of the event loop.
    await yieldToEventLoop()
    if (inBatch < segmentsPerMessage) continue
    await sent
    sent = sendPart(message(batch))
    batch = []
    inBatch = 0
  }
  await sent
  await sendPart(message(batch))
}
