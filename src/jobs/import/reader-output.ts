import { on } from 'node:events'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { ReaderMessage } from './book-reader.ts'

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
  before: Promise<void> = Promise.resolve(),
): Promise<void> {
  let sent = before
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
