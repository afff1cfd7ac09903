import { Worker } from 'node:worker_threads'
import { Failure } from '../novel/failure.ts'
import { readLexicon } from '../pronunciation/lexicon.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

export interface SplitterInput {
  readonly text: string
  readonly language: string
  /** The reader's own list of words and how they are said. */
  readonly lexicon?: string | undefined
}

export interface SplitterMessage {
  readonly sentences: readonly Sentence[]
  readonly end?: true
}

/** UTF-16 units that are cut at once: the worst text of this length takes some milliseconds, a thread 50 to start. */
const maxInlineLength = 300
/** 100,000 characters of a novel take half a second; only text that is none takes longer than this. */
const maxSplitMs = 30_000
/** Ordinary text of this length takes 40 MB. */
const heapMegabytes = 256

/**
 * The sentences of a text that somebody sends, one after the other. A long one is cut in a thread of its own, so that
 * the event loop is never held; the thread ends with the reader, by the signal, or after 30 s of work. Throws
 * `speech.no-sentences`, or the signal's reason.
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
    yield* sentencesOf(text, language, readLexicon(lexicon))
    return
  }
  const input: SplitterInput = { text, language, lexicon }
  const worker = new Worker(new URL('sentence-cutter.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  // Read as they come, whatever the reader does meanwhile: all of them together are hardly more than the text.
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
