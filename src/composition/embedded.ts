import type { Logger } from 'pino'
import type { Settings } from '../config.ts'
import type { Application } from '../jobs/application.ts'
import { StorageMonitor } from '../jobs/maintenance/clips-salvage.ts'
import { releaseFormerServer } from '../jobs/servers/former-server.ts'
import { newServerId } from '../jobs/servers/server-ids.ts'
import type { WorkerPool } from '../speech/worker/worker-pool.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { succeedFormerServer } from '../storage/local/server-succession.ts'
import { publishAddress } from '../storage/local/server-address.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'
import { advertisedAddress } from './advertised-address.ts'
import { openJobQueue } from './open-job-queue.ts'
import { openFolder } from './open-folder.ts'
import { composeApplication, type CompositionOptions } from './compose-application.ts'

interface EmbeddedParts {
  /** Locked for this process. */
  readonly folder: DataPaths
  readonly pool: WorkerPool
  readonly log: Logger
  readonly version: string
}

/** Everything of one server: files in one folder, the database, forked speech workers, locks and events in the process. */
export interface Embedded {
  readonly application: Application
  /** Of the database files; absent with a database server. */
  readonly storageMonitor: StorageMonitor | undefined
  /**
   * Writes the server's address into the data folder, for the commands of the same machine, and registers it for other
   * servers. `secret`: what the commands send, where people have to sign in.
   */
  readonly publishAddress: (address: string, secret?: string) => Promise<void>
}

/**
 * Opens the database and composes the application of one machine. What is opened is closed with `closing`. Throws what
 * `openFolder` throws.
 */
export async function composeEmbedded(
  settings: Settings,
  { folder, pool, log, version }: EmbeddedParts,
  closing: AsyncDisposableStack,
  options: CompositionOptions = {},
): Promise<Embedded> {
  const { db, clips, upkeep, objects, files } = await openFolder(settings, folder, log, closing)
  const jobs = await openJobQueue(settings, db, log)
  // After all that work for it have stopped.
  closing.defer(() => jobs.stop(0))
  const serverId = newServerId()
  if (sqlDialect(db).shared) {
    const { isAlone } = await import('../storage/postgres/server-presence.ts')
    const former = await succeedFormerServer(folder, serverId)
    await releaseFormerServer({ db, jobs, isAlone: () => isAlone(db), log }, former)
  }
  const parts = { ...options, serverId, db, clips, upkeep, folder, objects, jobs, pool, log, version }
  const application = await composeApplication(settings, parts, closing)
  return {
    application,
    storageMonitor: files && new StorageMonitor({ ...application, files }),
    publishAddress: async (address, secret) => {
      closing.use(await publishAddress(folder, address, secret))
      await application.servers.start(advertisedAddress(settings, address))
      closing.defer(() => application.servers.stop())
    },
  }
}
