import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { logTroubleOnce } from './composition/repeated-trouble.ts'
import { composeEmbedded, type EmbeddedOptions } from './composition/embedded.ts'
import type { Settings } from './config.ts'
import { AudiobookshelfExporter } from './exports/audiobookshelf/audiobookshelf-exporter.ts'
import { audiobookshelfRoot } from './exports/audiobookshelf/audiobookshelf-folder.ts'
import { buildServer, listen } from './http/http-server.ts'
import { builtPage } from './http/protocol/fallback-routes.ts'
import { requestLogFields } from './http/protocol/request-ids.ts'
import { AllowedHosts } from './http/protocol/request-security.ts'
import type { Application } from './jobs/application.ts'
import { Maintenance } from './jobs/maintenance/maintenance.ts'
import { AheadKeeper } from './jobs/generations/ahead-keeper.ts'
import { recover } from './jobs/maintenance/recover.ts'
import { sendAgainWhenForgotten, takeUpUnfinished } from './jobs/maintenance/unfinished-jobs.ts'
import { adoptEngines } from './jobs/voices/voice-changes.ts'

export interface Nightjar {
  /** URL of the page and the API. */
  readonly address: string
  readonly application: Application
  /** Resolves when a speech worker has reported its engines; requests that need them wait until then. */
  readonly ready: Promise<void>
  /** Drops the segments in flight, which stay pending in the database, and closes everything. */
  stop(): Promise<void>
}

export interface StartOptions extends EmbeddedOptions {
  /** Idle time-out in milliseconds for a request's body. */
  readonly bodyTimeoutMs?: number
}

export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Composes the application, recovers unfinished work and serves the API. Throws `storage.in-use`, `storage.lost`,
 * `storage.damaged`, `storage.unwritable`, `storage.newer`, `server.port-taken`.
 */
export async function startNightjar(settings: Settings, options: StartOptions = {}): Promise<Nightjar> {
  const log = pino(
    { level: settings.NIGHTJAR_LOG, base: null, mixin: requestLogFields, hooks: logTroubleOnce() },
    pino.destination({ dest: 2, sync: true }),
  )
  await using closing = new AsyncDisposableStack()
  const embedded = await composeEmbedded(settings, log, version, closing, options)
  const { application, storageMonitor } = embedded
  const maintenance = await Maintenance.begin(application)
  await recover(application)
  closing.use(new AheadKeeper(application)).start()
  // Of chapters that were whole when the last run was killed.
  await application.webhooks.reload()
  takeUpUnfinished(application)
  if (options.work !== false) application.transcoder.takeUp()
  closing.use(sendAgainWhenForgotten(application))
  const background = new AbortController()
  const enginesReady = adoptEngines(application, background.signal)
  const auditing = Promise.resolve(storageMonitor?.work()).then(() => maintenance.work(background.signal))
  closing.defer(async () => {
    background.abort()
    await storageMonitor?.stop()
    await Promise.all([auditing, enginesReady])
  })
  const audiobookshelf = new AudiobookshelfExporter(
    application,
    audiobookshelfRoot(settings.NIGHTJAR_AUDIOBOOKSHELF),
  )
  closing.defer(() => audiobookshelf.stop())
  if (options.work !== false) audiobookshelf.start()
  const app = await buildServer(application, {
    version,
    uploadLimit: settings.NIGHTJAR_UPLOAD_LIMIT * 1024 * 1024,
    page: builtPage(log),
    behindProxy: settings.NIGHTJAR_BEHIND_PROXY === 'yes',
    allowedHosts: new AllowedHosts(settings.HOST, hostNames(settings)),
    basePath: settings.NIGHTJAR_BASE,
    audiobookshelf,
    bodyIdleTimeoutMs: options.bodyTimeoutMs,
  })
  closing.defer(() => app.close())
  // Requests that wait for work end before the server waits for them.
  closing.defer(() => application.segmentScheduler.close())
  const address = await listen(app, settings)
  await embedded.publishAddress(address)
  const opened = closing.move()
  return { address, application, ready: enginesReady, stop: () => opened.disposeAsync() }
}

/** The names at which this server is reached, by people and by other servers. */
function hostNames({ NIGHTJAR_HOSTS, NIGHTJAR_ADVERTISE }: Settings): string[] {
  return NIGHTJAR_ADVERTISE === ''
    ? NIGHTJAR_HOSTS
    : [...NIGHTJAR_HOSTS, new URL(NIGHTJAR_ADVERTISE).hostname]
}
