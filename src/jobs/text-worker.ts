import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure } from '../novel/failure.ts'

interface TextWorkerOptions {
  readonly data: unknown
  readonly heapMegabytes: number
}

/** Megabytes beyond the limit that are left to a worker until it is ended. */
const leewayMegabytes = 3072
const heapLookMs = 100
/** Why workers ended that nobody was waiting for. */
const ends = new WeakMap<Worker, unknown>()

/** A worker thread that works on stored texts, so that a long novel does not block the event loop. */
export function startTextWorker(module: URL, { data, heapMegabytes }: TextWorkerOptions): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes + leewayMegabytes }
  const worker = new Worker(module, { workerData: data, resourceLimits })
  worker.on('error', (error) => ends.set(worker, error))
  limitHeap(worker, heapMegabytes * 1024 * 1024)
  return worker
}

/**
 * Ends a worker whose heap has grown beyond its limit. V8's own limit is no safe one: where a single allocation goes beyond
 * it, as that of a map that grows, it ends the whole process, and the server with it.
 */
function limitHeap(worker: Worker, bytes: number): void {
  const look = async (): Promise<void> => {
    const { used_heap_size: used } = await worker.getHeapStatistics()
    if (used <= bytes) return
    // Before it ends: then it tells nobody any more.
    worker.emit('error', new Failure('novel.too-large'))
    await worker.terminate()
  }
  const timer = setInterval(() => {
    // It has not begun, or has ended.
    look().catch(() => undefined)
  }, heapLookMs).unref()
  worker.once('exit', () => clearInterval(timer))
}

/**
 * What the worker says next. Throws `storage.damaged` if a stored text is not JSON, `novel.too-large` if the worker has no
 * memory left or the signal is that of a time-out, and any other signal's reason.
 */
export async function answerOf<Answer>(worker: Worker, signal?: AbortSignal): Promise<Answer> {
  try {
    if (ends.has(worker)) throw ends.get(worker)
    const [answer] = await once(worker, 'message', signal && { signal })
    return answer as Answer
  } catch (cause) {
    if (isOverTaxed(signal?.aborted ? signal.reason : cause))
      throw new Failure('novel.too-large', {}, { cause })
    signal?.throwIfAborted()
    if (!(cause instanceof SyntaxError)) throw cause
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  }
}

function isOverTaxed(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return cause.name === 'TimeoutError' || ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY')
}

/** Has one thing done by a worker of its own. Throws what `answerOf` throws. */
export async function runTextWorker<Answer>(
  module: URL,
  options: TextWorkerOptions,
  signal?: AbortSignal,
): Promise<Answer> {
  const worker = startTextWorker(module, options)
  try {
    return await answerOf<Answer>(worker, signal)
  } finally {
    await worker.terminate()
  }
}
