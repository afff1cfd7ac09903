import { Failure } from '../novel/failure.ts'
import { type WorkerListener, type ValidateTask, WorkerProcess } from './speaker-process.ts'
import type { VoiceValidation } from './speaker-protocol.ts'
import { validationMemory } from './voice-proof.ts'

export interface ValidationOptions extends ValidateTask {
  /** What people call the file. */
  readonly file: string
  /** Left out: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long a voice may take to load and to speak a calibration text, in milliseconds. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** A slow box loads the largest voice and speaks 40 seconds with it, to measure it, in less than this. */
const validationTimeoutMs = 300_000

/**
 * Tries whether a file is a voice, in a speaker process of its own, which is ended afterwards whatever it did. Throws
 * `voice.unfit`, or the signal's reason.
 */
export async function validateVoice(options: ValidationOptions): Promise<VoiceValidation> {
  const { file, environment, timeout = validationTimeoutMs, signal, ...task } = options
  signal?.throwIfAborted()
  const ready = Promise.withResolvers<void>()
  const listener: WorkerListener = {
    onReady: () => ready.resolve(),
    onEnd: (reason) => ready.reject(new Error(reason)),
  }
  const worker = new WorkerProcess(new URL('speaker.ts', import.meta.url), listener, environment)
  const abort = () => void worker.end()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await ready.promise
    return await worker.validate(task, timeout).catch((error: unknown) => {
      throw new Failure('voice.unfit', { file, detail: failureDetail(error, timeout) }, { cause: error })
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.end()
  }
}

function failureDetail(error: unknown, timeout: number): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (reason.startsWith('no sound after')) return `it is not done after ${Math.round(timeout / 1000)} s`
  if (reason.includes('SIGKILL'))
    return `it needs more than ${validationMemory / 1e9} GB of memory, or more than there is`
  if (reason.startsWith('the speaker ended')) return `it ends the program that runs it`
  return reason.charAt(0).toLowerCase() + reason.slice(1).replace(/\.$/, '')
}
