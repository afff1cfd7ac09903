import { isDeepStrictEqual } from 'node:util'
import type { RegisteredServer } from '../database/speech-servers.ts'
import { availabilityMessage, type SpeechServerAvailability } from '../speech/speech-server-rest.ts'
import { SpeechServerBackend, type SpeechServerBackendParts } from './server-lane.ts'

/** How a server does, for people. */
export interface SpeechServerState {
  readonly state: SpeechServerAvailability['state']
  readonly message?: string | undefined
  /** Epoch milliseconds. */
  readonly nextTryAt?: number | undefined
}

/** The lane of each speech server. A server that was changed begins anew, without a memory of its failures. */
export class SpeechServerBackends {
  readonly #parts: SpeechServerBackendParts
  readonly #backends = new Map<string, SpeechServerBackend>()

  constructor(parts: SpeechServerBackendParts) {
    this.#parts = parts
  }

  of(known: RegisteredServer): SpeechServerBackend {
    const { name } = known.server
    const open = this.#backends.get(name)
    if (open && isDeepStrictEqual(open.server, known.server)) return open
    open?.close()
    const backend = new SpeechServerBackend(known, this.#parts)
    this.#backends.set(name, backend)
    return backend
  }

  stateOf(name: string, now: number): SpeechServerState {
    const rest = this.#backends.get(name)?.rest
    if (!rest) return { state: 'ok' }
    return { state: rest.state, message: availabilityMessage(rest, now), nextTryAt: rest.nextTryAt }
  }

  /** It was changed or is gone: what is under way there goes back into the line. */
  forget(name: string): void {
    this.#backends.get(name)?.close()
    this.#backends.delete(name)
  }

  stop(): void {
    for (const name of this.#backends.keys()) this.forget(name)
  }
}
