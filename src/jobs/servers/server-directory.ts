import { cpus, hostname } from 'node:os'
import type { SpokenNow } from '../../speech/worker/local-speech.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { SpeechBackends } from '../backends/speech-backends.ts'
import type { ActiveGenerations } from '../scheduler/active-generations.ts'
import type { MachineView, SegmentScheduler, SpeakingPlace } from '../scheduler/segment-scheduler.ts'

/** A server; its name is that of its host. */
interface ServerView extends SpeakingPlace {
  /** ISO 8601. */
  readonly startedAt: string
  /** What its own workers speak now. */
  readonly leases: readonly SpokenNow[]
}

/** How fast segments are spoken: seconds of speech, and segments, per second of wall clock. */
export interface BackendRate {
  readonly realTimeFactor: number
  readonly segmentsPerSecond: number
}

/** A server with the machines that joined it. */
export interface ServerState {
  readonly server: ServerView
  readonly machines: readonly MachineView[]
  /** By the name of the backend (`backendName`): how fast this server has segments spoken there, lately. */
  readonly rates: Readonly<Record<string, BackendRate>>
}

/** What speaks a voice, by a name that all servers have for it: each speech server, and the speech workers of all. */
export function backendName(voice: string): string {
  const [engine, server] = voice.split(':')
  return engine === 'server' ? `server:${server}` : 'workers'
}

export function sumOfRates(rates: readonly BackendRate[]): BackendRate {
  const sum = (of: keyof BackendRate): number => rates.reduce((total, rate) => total + rate[of], 0)
  return { realTimeFactor: sum('realTimeFactor'), segmentsPerSecond: sum('segmentsPerSecond') }
}

export interface ServerAddress {
  readonly id: string
  /** URL at which other servers reach it. */
  readonly address: string
}

/** The servers that work together on one database. */
export interface ServerDirectory {
  /** Of this server: the ids of its machines and leases begin with it. */
  readonly id: string
  /** This server first, then those that were heard of lately. */
  states(): Promise<readonly ServerState[]>
  /** URL at which another server is reached; `undefined` where it is gone. */
  addressOf(id: string): Promise<string | undefined>
  /** The other servers that have speakers, those with most of them free first. */
  speakingServers(): Promise<readonly ServerAddress[]>
  /** How many texts the other servers, and the machines that joined them, speak at the same time. */
  readonly speakersElsewhere: number
  /** How fast the other servers have segments spoken at a backend, some seconds ago; `undefined`: not at all. */
  rateElsewhere(backend: string): BackendRate | undefined
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
  readonly speakersElsewhere = 0
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

  speakingServers(): Promise<readonly ServerAddress[]> {
    return Promise.resolve([])
  }

  rateElsewhere(): undefined {
    return undefined
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
  readonly backends: SpeechBackends
  readonly activeGenerations: ActiveGenerations
}): ServerState {
  const { id, version, startedAt, pool, segmentScheduler, backends, activeGenerations } = parts
  const rates = new Map<string, BackendRate>()
  for (const voice of activeGenerations.all().flatMap(({ voices }) => voices)) {
    const rate = backends.of(voice).throughput.rate(Date.now())
    if (rate) rates.set(backendName(voice), rate)
  }
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
    rates: Object.fromEntries(rates),
  }
}
