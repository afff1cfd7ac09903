import { isDeepStrictEqual } from 'node:util'
import type { KnownServer } from '../database/speech-servers.ts'
import { restMessage, type SpeechServerRest } from '../speech/speech-server-rest.ts'
import { ServerLane, type ServerLaneParts } from './server-lane.ts'

/** How a server does, for people. */
export interface ServerState {
  readonly state: SpeechServerRest['state']
  readonly message?: string | undefined
  /** Epoch milliseconds. */
  readonly nextTryAt?: number | undefined
}

/** The lane of each speech server. A server that was changed begins anew, without a memory of its failures. */
export class ServerLanes {
  readonly #parts: ServerLaneParts
  readonly #lanes = new Map<string, ServerLane>()

  constructor(parts: ServerLaneParts) {
    this.#parts = parts
  }

  of(known: KnownServer): ServerLane {
    const { name } = known.server
    const open = this.#lanes.get(name)
    if (open && isDeepStrictEqual(open.server, known.server)) return open
    open?.close()
    const lane = new ServerLane(known, this.#parts)
    this.#lanes.set(name, lane)
    return lane
  }

  stateOf(name: string, now: number): ServerState {
    const rest = this.#lanes.get(name)?.rest
    if (!rest) return { state: 'ok' }
    return { state: rest.state, message: restMessage(rest, now), nextTryAt: rest.nextTryAt }
  }

  /** It was changed or is gone: what is under way there goes back into the line. */
  forget(name: string): void {
    this.#lanes.get(name)?.close()
    this.#lanes.delete(name)
  }

  stop(): void {
    for (const name of this.#lanes.keys()) this.forget(name)
  }
}
