import { Failure } from '../novel/failure.ts'
import { type Hearer, type ProveTask, SpeakerProcess } from './speaker-process.ts'
import type { VoiceProof } from './speaker-protocol.ts'
import { proofMemory } from './voice-proof.ts'

export interface ProofOptions extends ProveTask {
  /** What people call the file. */
  readonly file: string
  /** Left out: the server's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long a voice may take to load and to speak a calibration text, in milliseconds. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** A slow box loads the largest voice and speaks 40 seconds with it, to measure it, in less than this. */
const generousTimeout = 300_000

/**
 * Tries whether a file is a voice, in a speaker process of its own, which is ended afterwards whatever it did. Throws
 * `voice.unfit`, or the signal's reason.
 */
export async function proveVoice(options: ProofOptions): Promise<VoiceProof> {
  const { file, environment, timeout = generousTimeout, signal, ...task } = options
  signal?.throwIfAborted()
  const ready = Promise.withResolvers<void>()
  const hearer: Hearer = {
    onReady: () => ready.resolve(),
    onEnd: (reason) => ready.reject(new Error(reason)),
  }
  const speaker = new SpeakerProcess(new URL('speaker.ts', import.meta.url), hearer, environment)
  const abort = () => void speaker.end()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await ready.promise
    return await speaker.prove(task, timeout).catch((error: unknown) => {
      throw new Failure('voice.unfit', { file, detail: detailOf(error, timeout) }, { cause: error })
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
    await speaker.end()
  }
}

function detailOf(error: unknown, timeout: number): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (reason.startsWith('no sound after')) return `it is not done after ${Math.round(timeout / 1000)} s`
  if (reason.includes('SIGKILL'))
    return `it needs more than ${proofMemory / 1e9} GB of memory, or more than there is`
  if (reason.startsWith('the speaker ended')) return `it ends the program that runs it`
  return reason.charAt(0).toLowerCase() + reason.slice(1).replace(/\.$/, '')
}
