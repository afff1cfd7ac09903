import type { Logger } from 'pino'
import type { EventBus } from '../jobs/event-bus.ts'
import type { SpeechBackends } from '../jobs/backends/speech-backends.ts'
import type { ActiveGenerations } from '../jobs/scheduler/active-generations.ts'
import type { Dispatcher } from '../jobs/scheduler/dispatcher.ts'
import {
  OnlyServer,
  ownState,
  type ServerDirectory,
  type ServerState,
} from '../jobs/servers/server-directory.ts'
import { ServerRegistry } from '../jobs/servers/server-registry.ts'
import { EmbeddedScheduler } from '../jobs/speakers/embedded-scheduler.ts'
import type { DiskSpaceMonitor } from '../jobs/storage-health.ts'
import type { VoiceRegistry } from '../jobs/voices/voice-registry.ts'
import type { WorkerPool } from '../speech/worker/worker-pool.ts'
import type { Database } from '../storage/database-tables.ts'
import { claimedKey } from '../storage/queries/claim-queries.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'

interface SpeakersParts {
  /** Of this server. */
  readonly id: string
  readonly version: string
  readonly db: Database
  readonly pool: WorkerPool
  readonly voices: VoiceRegistry
  readonly dispatcher: Dispatcher
  readonly backends: SpeechBackends
  readonly activeGenerations: ActiveGenerations
  readonly diskSpace: DiskSpaceMonitor
  readonly eventBus: EventBus
  readonly log: Logger
  readonly leaseMs: number | undefined
}

/** What lends machines to this server, and what knows the other servers of its database, where it may have some. */
export function composeSpeakers(parts: SpeakersParts): {
  readonly segmentScheduler: EmbeddedScheduler
  readonly servers: ServerDirectory
} {
  const { id, version, db, pool, voices, dispatcher, diskSpace, eventBus, log, leaseMs } = parts
  const segmentScheduler = new EmbeddedScheduler({
    server: id,
    pool,
    version,
    log,
    leaseMs,
    modelBytes: (checksum) => voices.modelBytes(checksum),
    storageTrouble: () => diskSpace.trouble,
    onCapacity: () =>
      void dispatcher.dispatch().catch((err: unknown) => log.error({ err }, 'nothing could be leased')),
    onChange: (machine) =>
      void servers
        .announce()
        .catch((err: unknown) => log.warn({ err }, 'the other servers could not be told of a machine'))
        .then(() => eventBus.publish({ kind: 'machine', id: machine })),
    storeForeign: async (lease, clip) => {
      const key = await claimedKey(db, lease)
      if (key) await dispatcher.storeForeign(key, clip)
      return key ? 'stored' : 'gone'
    },
  })
  const startedAt = new Date().toISOString()
  const own = (): ServerState => ownState({ ...parts, startedAt, segmentScheduler })
  const servers = sqlDialect(db).shared ? new ServerRegistry({ db, id, own, log }) : new OnlyServer(id, own)
  return { segmentScheduler, servers }
}
