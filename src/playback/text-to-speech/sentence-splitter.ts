import { Worker } from 'node:worker_threads'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { Failure } from '../../novel/failure.ts'
import type { Sentence } from './sentences-of-text.ts'

export interface SplitterInput {
  readonly text: string
  readonly language: string
  /** Path of the user's own pronunciation lexicon. */
  readonly lexicon?: string | undefined
}

export interface SplitterMessage {
  readonly sentences: readonly Sentence[]
  readonly end?: true
}

/** UTF-16 units up to which a text is split inline: the worst case takes a few ms, starting a thread takes 50 ms. */
const maxInlineLength = 300
/** 100,000 characters of a novel take half a second; only pathological input takes longer than this. */
const maxSplitMs = 30_000
/** 100,000 characters of ordinary text take 40 MB. */
const heapMegabytes = 256

/**
 * Yields the sentences of a text. A long text is split in a worker thread to keep the event loop free; the thread ends
 * when the iterator returns, when the signal aborts, or after `timeoutMs` (30 s) of work. Throws `speech.no-sentences`,
 * or the signal's reason.
 */
export async function* splitSentences(
  text: string,
  language: string,
  signal: AbortSignal,
  timeoutMs = maxSplitMs,
  lexicon?: string,
): AsyncGenerator<Sentence> {
  signal.throwIfAborted()
  if (text.length <= maxInlineLength) {
    const { readLexicon, sentencesOf } = await loadRules()
    yield* sentencesOf(text, language, readLexicon(lexicon))
    return
  }
  const input: SplitterInput = { text, language, lexicon }
  const worker = new Worker(new URL('./sentence-splitter-worker.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  // Buffered without backpressure: all messages together are hardly larger than the text.
  const messages: SplitterMessage[] = []
  let received = Promise.withResolvers<void>()
  const failed = new AbortController()
  worker.on('message', (message: SplitterMessage) => {
    messages.push(message)
    if (message.end) clearTimeout(timer)
    received.resolve()
  })
  worker.once('error', (cause) => failed.abort(new Failure('speech.no-sentences', {}, { cause })))
  const timer = setTimeout(() => failed.abort(new Failure('speech.no-sentences')), timeoutMs)
  const ended = AbortSignal.any([signal, failed.signal])
  ended.addEventListener('abort', () => received.resolve(), { once: true })
  try {
    for (;;) {
      ended.throwIfAborted()
      const message = messages.shift()
      if (message) {
        yield* message.sentences
        if (message.end) return
        continue
      }
      received = Promise.withResolvers<void>()
      await received.promise
    }
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

/**
 * The rules, which a server needs for short texts only, so that they are loaded with the first of these; in parts, since
 * the whole would hold the event loop for 100 ms.
 */
async function loadRules() {
  await import('../../segmenter/character-traits.ts')
  await yieldToEventLoop()
  await import('../../segmenter/spoken/spoken-text.ts')
  await yieldToEventLoop()
  await import('../../segmenter/segmenter.ts')
  await yieldToEventLoop()
  const { readLexicon } = await import('../../pronunciation/lexicon.ts')
  await import('../../pronunciation/pronounce.ts')
  await yieldToEventLoop()
  const { sentencesOf } = await import('./sentences-of-text.ts')
  return { readLexicon, sentencesOf }
}
