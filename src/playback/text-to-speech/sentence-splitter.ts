import { Worker } from 'node:worker_threads'
import { groupLines, layoutOf } from '../../importer/text/line-groups.ts'
import { blocksOfGroup, hyphenRule } from '../../importer/text/text-blocks.ts'
import { Failure } from '../../novel/failure.ts'
import type { Segment } from '../../novel/segment.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'

export type Sentence = Pick<Segment, 'spoken' | 'pause'>

/**
 * What is spoken of a text that somebody sends, an utterance at a time, with the rules of a novel of this language. The
 * next paragraph is cut when it is asked for: nobody waits for the end of a long text to hear its beginning.
 */
export function* sentencesOf(text: string, language: string, lexicon = readLexicon()): Generator<Sentence> {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  const layout = layoutOf(lines)
  const hyphens = hyphenRule(layout.wrapped ? lines : [])
  const blocks = groupLines(lines, layout).flatMap((group) => blocksOfGroup(lines, group, layout, hyphens))
  for (const [at, block] of blocks.entries()) {
    const cut = segmentChapter({ blocks: [block], skips: [] }, language)
    const { segments } = pronounceChapter(cut, language, lexicon)
    const after = pauseBefore(blocks[at + 1])
    for (const { spoken, pause } of segments.slice(0, -1)) yield { spoken, pause }
    const last = segments.at(-1)
    if (last) yield { spoken: last.spoken, pause: after }
  }
}

/** At the very end a sentence's pause is enough: whoever sends a text sentence by sentence joins them. */
function pauseBefore(next: { readonly kind: string } | undefined): Sentence['pause'] {
  if (next === undefined) return 'sentence'
  return next.kind === 'scene-break' ? 'section' : 'paragraph'
}

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
  const worker = new Worker(new URL('./sentence-splitter-worker.ts', import.meta.url), {
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
