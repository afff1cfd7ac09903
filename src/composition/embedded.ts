import type { Logger } from 'pino'
import { type Settings, workerEnvironment } from '../config.ts'
import type { Application } from '../jobs/application.ts'
import { StorageMonitor } from '../jobs/maintenance/clips-salvage.ts'
import { releaseFormerServer } from '../jobs/servers/former-server.ts'
import { newServerId } from '../jobs/servers/server-ids.ts'
import { chooseProvider } from '../speech/worker/provider-choice.ts'
import { openWorkerPool } from '../speech/worker/worker-pool.ts'
import { succeedFormerServer } from '../storage/local/server-succession.ts'
import { publishAddress } from '../storage/local/server-address.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'
import { advertisedAddress } from './advertised-address.ts'
import { openJobQueue } from './open-job-queue.ts'
import { openFolder } from './open-folder.ts'
import { composeApplication, type CompositionOptions } from './compose-application.ts'

/** How a server is opened, where it differs from the settings. */
export interface EmbeddedOptions extends CompositionOptions {
  /** The module that a speech worker runs. */
  readonly workerModule?: URL
  /** Time-out in milliseconds for speaking a text of so many characters. */
  readonly timeout?: (characters: number) => number
  /** Time-out in milliseconds for the start of a speech worker. */
  readonly startTimeout?: number
}

/** Everything of one server: files in one folder, the database, forked speech workers, locks and events in the process. */
export interface Embedded {
  readonly application: Application
  /** Of the database files; absent with a database server. */
  readonly storageMonitor: StorageMonitor | undefined
  /** Writes the server's address into the data folder, for the commands of the same machine, and tells other servers. */
  readonly publishAddress: (address: string) => Promise<void>
}

/**
 * Opens the data folder and the database, starts the speech workers and composes the application of one machine. What is
 * opened is closed with `closing`. Throws `storage.in-use`, and what `openStorage` throws.
 */
export async function composeEmbedded(
  settings: Settings,
  log: Logger,
  version: string,
  closing: AsyncDisposableStack,
  options: EmbeddedOptions = {},
): Promise<Embedded> {
  const { db, clips, upkeep, folder, objects, files } = await openFolder(settings, log, closing)
  const jobs = await openJobQueue(settings, db, log)
  // After all that work for it have stopped.
  closing.defer(() => jobs.stop(0))
  const serverId = newServerId()
  if (sqlDialect(db).shared) {
    const { isAlone } = await import('../storage/postgres/server-presence.ts')
    const former = await succeedFormerServer(folder, serverId)
    await releaseFormerServer({ db, jobs, isAlone: () => isAlone(db), log }, former)
  }
  const pool = openWorkerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: options.workerModule,
    environment: workerEnvironment(),
    provider: await chooseProvider(settings.NIGHTJAR_PROVIDER, log),
    log,
    ...(options.timeout && { timeout: options.timeout }),
    ...(options.startTimeout !== undefined && { startTimeout: options.startTimeout }),
  })
  closing.defer(() => pool.stop())
  const parts = { ...options, serverId, db, clips, upkeep, folder, objects, jobs, pool, log, version }
  const application = await composeApplication(settings, parts, closing)
  return {
    application,
    storageMonitor: files && new StorageMonitor({ ...application, files }),
    publishAddress: async (address) => {
      closing.use(await publishAddress(folder, address))
      await application.servers.start(advertisedAddress(settings, address))
      closing.defer(() => application.servers.stop())
    },
  }
}
