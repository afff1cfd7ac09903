import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Failure } from '../novel/failure.ts'

interface TextWorkerOptions {
  readonly data: unknown
  readonly heapMegabytes: number
}

/** A worker thread that works on stored texts, so that a long novel does not block the event loop. */
export function startTextWorker(module: URL, { data, heapMegabytes }: TextWorkerOptions): Worker {
  return new Worker(module, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
}

/** What the worker says next. Throws `storage.damaged` if a stored text is not JSON, and the signal's reason. */
export async function answerOf<Answer>(worker: Worker, signal?: AbortSignal): Promise<Answer> {
  try {
    const [answer] = await once(worker, 'message', signal && { signal })
    return answer as Answer
  } catch (cause) {
    signal?.throwIfAborted()
    if (!(cause instanceof SyntaxError)) throw cause
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  }
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
