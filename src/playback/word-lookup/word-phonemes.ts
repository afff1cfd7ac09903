import { Worker } from 'node:worker_threads'
import { Semaphore } from '../../jobs/concurrency.ts'

export interface WordLookup {
  readonly word: string
  /** BCP 47. */
  readonly language: string
  /** Path of the user's own pronunciation lexicon. */
  readonly lexicon?: string | undefined
}

export interface WordPhonemes {
  /** IPA with stress; empty if nobody knows the language, or nothing is said. */
  readonly phonemes: string
}

/** Milliseconds after which a lookup is given up: a word takes half a second. */
const longestMs = 30_000

/** A thread with the library takes 90 MB: one at a time. */
const threads = new Semaphore(1)

/**
 * How a word is said by itself: by the reader's own list of words, the rules of the language, and eSpeak. What a voice
 * makes of it in a sentence may differ. Rejects with the signal's reason, or when the thread fails.
 */
export function wordPhonemes(lookup: WordLookup, signal: AbortSignal): Promise<WordPhonemes> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
  return threads.run(async () => {
    const worker = new Worker(new URL('./word-phonemes-worker.ts', import.meta.url), { workerData: lookup })
    const { promise, resolve, reject } = Promise.withResolvers<WordPhonemes>()
    const end = (): void => reject(ended.reason)
    ended.addEventListener('abort', end, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    try {
      return await promise
    } finally {
      ended.removeEventListener('abort', end)
      await worker.terminate()
    }
  }, ended)
}
