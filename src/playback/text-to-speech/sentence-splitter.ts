import { Worker } from 'node:worker_threads'
import { groupLines, layoutOf } from '../../importer/lines/line-groups.ts'
import { blocksOfGroup, hyphenRule } from '../../importer/lines/text-blocks.ts'
import { Failure } from '../../novel/failure.ts'
import type { Segment } from '../../novel/segment.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'

export type Sentence = Pick<Segment, 'spoken' | 'pause'>

/**
 * Splits plain text into spoken sentences with the importer, segmenter and pronunciation rules of a novel in this
 * language. Lazy by paragraph, so that the first sentence of a long text is available at once.
 */
export function* sentencesOf(text: string, language: string, lexicon = readLexicon()): Generator<Sentence> {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  const layout = layoutOf(lines)
  const hyphens = hyphenRule(layout.wrapped ? lines : [])
  const blocks = groupLines(lines, layout).flatMap((group) => blocksOfGroup(lines, group, layout, hyphens))
  for (const [at, { kind, text: own, readings }] of blocks.entries()) {
    const segmented = segmentChapter({ blocks: [{ kind, text: own, readings }], skips: [] }, language)
    const { segments } = pronounceChapter(segmented, language, lexicon)
    const after = pauseBefore(blocks[at + 1])
    for (const { spoken, pause } of segments.slice(0, -1)) yield { spoken, pause }
    const last = segments.at(-1)
    if (last) yield { spoken: last.spoken, pause: after }
  }
}

/** The text ends with a sentence pause, because clients that send a text sentence by sentence join the results. */
function pauseBefore(next: { readonly kind: string } | undefined): Sentence['pause'] {
  if (next === undefined) return 'sentence'
  return next.kind === 'scene-break' ? 'section' : 'paragraph'
}

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
