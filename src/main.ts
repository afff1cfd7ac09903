import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { logTroubleOnce } from './composition/repeated-trouble.ts'
import { type Settings, workerEnvironment } from './config.ts'
import { requestLogFields } from './http/protocol/request-ids.ts'
import type { ServedApplication, ServeOptions } from './server.ts'
import { chooseProvider } from './speech/worker/provider-choice.ts'
import { openWorkerPool } from './speech/worker/worker-pool.ts'
import { openDataFolder } from './storage/local/data-paths.ts'
import { lockFolder } from './storage/local/folder-lock.ts'

export interface Nightjar extends ServedApplication {
  /** Drops the segments in flight, which stay pending in the database, and closes everything. */
  stop(): Promise<void>
}

/** How a server is started, where it differs from the settings. */
export interface StartOptions extends ServeOptions {
  /** The module that a speech worker runs. */
  readonly workerModule?: URL
  /** Time-out in milliseconds for speaking a text of so many characters. */
  readonly timeout?: (characters: number) => number
  /** Time-out in milliseconds for the start of a speech worker. */
  readonly startTimeout?: number
}

export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Locks the data folder, starts the speech workers and serves the API. Throws `storage.in-use`, and what
 * `serveApplication` throws.
 */
export async function startNightjar(settings: Settings, options: StartOptions = {}): Promise<Nightjar> {
  const { workerModule, timeout, startTimeout, ...served } = options
  const log = pino(
    { level: settings.NIGHTJAR_LOG, base: null, mixin: requestLogFields, hooks: logTroubleOnce() },
    pino.destination({ dest: 2, sync: true }),
  )
  await using closing = new AsyncDisposableStack()
  const folder = openDataFolder(settings.NIGHTJAR_DATA)
  closing.use(lockFolder(folder.lockDb, folder.root))
  const pool = openWorkerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: workerModule,
    environment: workerEnvironment(),
    provider: await chooseProvider(settings.NIGHTJAR_PROVIDER, log),
    log,
    ...(timeout && { timeout }),
    ...(startTimeout !== undefined && { startTimeout }),
  })
  closing.defer(() => pool.stop())
  // The rest of the program is loaded beside the start of the first speech worker, which takes as long.
  const { serveApplication } = await import('./server.ts')
  const running = await serveApplication(settings, { folder, pool, log, version }, closing, served)
  const opened = closing.move()
  return { ...running, stop: () => opened.disposeAsync() }
}
