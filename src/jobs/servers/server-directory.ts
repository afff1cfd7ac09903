import { cpus, hostname } from 'node:os'
import type { SpokenNow } from '../../speech/worker/local-speech.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { MachineView, SegmentScheduler } from '../scheduler/segment-scheduler.ts'

/** A server as people see it, with what its own speakers do. */
interface ServerView {
  readonly id: string
  /** Host name. */
  readonly name: string
  readonly version: string
  /** E.g. `linux-x64`. */
  readonly platform: string
  readonly cores: number
  /** Segments that its own speech workers speak at the same time. */
  readonly slots: number
  /** ISO 8601. */
  readonly startedAt: string
  /** Seconds of speech per second of wall clock that its own workers make, lately. */
  readonly realTimeFactor: number
  /** Segments that they have spoken since it started. */
  readonly spoken: number
  /** What they speak now. */
  readonly leases: readonly SpokenNow[]
}

/** A server with the machines that joined it. */
export interface ServerState {
  readonly server: ServerView
  readonly machines: readonly MachineView[]
}

/** The servers that work together on one database. */
export interface ServerDirectory {
  /** Of this server: the ids of its machines and leases begin with it. */
  readonly id: string
  /** This server first, then those that were heard of lately. */
  states(): Promise<readonly ServerState[]>
  /** URL at which another server is reached; `undefined` where it is gone. */
  addressOf(id: string): Promise<string | undefined>
  /** `address`: URL at which other servers reach this one. Resolves when they can find it. */
  start(address: string): Promise<void>
  /** Lets the others know how this server is now. */
  announce(): Promise<void>
  /** The others learn that it is gone. */
  stop(): Promise<void>
}

/** A server that shares its database with no other. */
export class OnlyServer implements ServerDirectory {
  readonly id: string
  readonly #own: () => ServerState

  constructor(id: string, own: () => ServerState) {
    this.id = id
    this.#own = own
  }

  states(): Promise<readonly ServerState[]> {
    return Promise.resolve([this.#own()])
  }

  addressOf(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  start(): Promise<void> {
    return Promise.resolve()
  }

  announce(): Promise<void> {
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }
}

/** Reads how this server is from its parts. */
export function ownState(parts: {
  readonly id: string
  readonly version: string
  readonly startedAt: string
  readonly pool: WorkerPool
  readonly segmentScheduler: SegmentScheduler
}): ServerState {
  const { id, version, startedAt, pool, segmentScheduler } = parts
  const { realTimeFactor, spoken, now } = pool.localSpeech
  return {
    server: {
      id,
      name: hostname(),
      version,
      platform: `${process.platform}-${process.arch}`,
      cores: cpus().length,
      slots: pool.localSize,
      startedAt,
      realTimeFactor,
      spoken,
      leases: now,
    },
    machines: segmentScheduler.machines(),
  }
}
