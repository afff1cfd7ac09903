import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { composeEmbedded } from './composition/embedded.ts'
import type { CompositionOptions } from './composition/compose-application.ts'
import type { Settings } from './config.ts'
import { AudiobookshelfExporter } from './exports/audiobookshelf/audiobookshelf-exporter.ts'
import { audiobookshelfRoot } from './exports/audiobookshelf/audiobookshelf-folder.ts'
import { newSecret } from './accounts/secrets.ts'
import { openAccounts } from './composition/open-accounts.ts'
import { buildServer, listen } from './http/http-server.ts'
import { builtPage } from './http/protocol/fallback-routes.ts'
import { AllowedHosts } from './http/protocol/request-security.ts'
import type { Application } from './jobs/application.ts'
import { AheadKeeper } from './jobs/generations/ahead-keeper.ts'
import { inboxSpeaking } from './inbox-settings.ts'
import type { Inbox } from './jobs/inbox/inbox.ts'
import { ImportBatches } from './jobs/import/batches/import-batches.ts'
import { Maintenance } from './jobs/maintenance/maintenance.ts'
import { recover } from './jobs/maintenance/recover.ts'
import { speakAddedChapters } from './jobs/import/versions/added-chapters.ts'
import { sendAgainWhenForgotten, takeUpUnfinished } from './jobs/maintenance/unfinished-jobs.ts'
import { adoptEngines } from './jobs/voices/voice-changes.ts'
import type { WorkerPool } from './speech/worker/worker-pool.ts'
import type { DataPaths } from './storage/local/data-paths.ts'

export interface ServeOptions extends CompositionOptions {
  /** Idle time-out in milliseconds for a request's body. */
  readonly bodyTimeoutMs?: number
}

interface ServeParts {
  /** Locked for this process. */
  readonly folder: DataPaths
  readonly pool: WorkerPool
  readonly log: Logger
  readonly version: string
}

export interface ServedApplication {
  /** URL of the page and the API. */
  readonly address: string
  readonly application: Application
  /** Resolves when a speech worker has reported its engines; requests that need them wait until then. */
  readonly ready: Promise<void>
}

/**
 * Composes the application, recovers unfinished work and serves the API; what is opened is closed with `closing`. Throws
 * `storage.lost`, `storage.damaged`, `storage.unwritable`, `storage.newer`, `server.port-taken`.
 */
export async function serveApplication(
  settings: Settings,
  { folder, pool, log, version }: ServeParts,
  closing: AsyncDisposableStack,
  options: ServeOptions,
): Promise<ServedApplication> {
  const parts = { folder, pool, log, version }
  const embedded = await composeEmbedded(settings, parts, closing, options)
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
  const addedAskedFor = enginesReady
    .then(() => speakAddedChapters(application))
    .catch((err: unknown) => log.warn({ err }, 'new chapters are asked for later'))
  const auditing = Promise.resolve(storageMonitor?.work()).then(() => maintenance.work(background.signal))
  closing.defer(async () => {
    background.abort()
    await storageMonitor?.stop()
    await Promise.all([auditing, enginesReady, addedAskedFor])
  })
  const audiobookshelf = new AudiobookshelfExporter(
    application,
    audiobookshelfRoot(settings.NIGHTJAR_AUDIOBOOKSHELF),
  )
  closing.defer(() => audiobookshelf.stop())
  if (options.work !== false) audiobookshelf.start()
  const consoleSecret = newSecret('njc_')
  const accounts = await openAccounts(settings, { ...application, consoleSecret })
  const inbox = await openInbox(settings, application)
  if (inbox) {
    closing.use(inbox)
    // What is spoken by itself needs to know the voices.
    if (options.work !== false) application.voices.ready.then(() => inbox.start()).catch(() => undefined)
  }
  const uploadLimit = settings.NIGHTJAR_UPLOAD_LIMIT * 1024 * 1024
  const imports = closing.use(new ImportBatches(application, uploadLimit))
  if (options.work !== false) imports.start()
  const app = await buildServer(application, {
    version,
    uploadLimit,
    imports,
    page: builtPage(log),
    behindProxy: settings.NIGHTJAR_BEHIND_PROXY === 'yes',
    allowedHosts: new AllowedHosts(settings.HOST, hostNames(settings)),
    basePath: settings.NIGHTJAR_BASE,
    audiobookshelf,
    accounts,
    inbox,
    fetchHosts: new Set(settings.NIGHTJAR_FETCH_HOSTS),
    bodyIdleTimeoutMs: options.bodyTimeoutMs,
  })
  closing.defer(() => app.close())
  // Requests that wait for work end before the server waits for them.
  closing.defer(() => application.segmentScheduler.close())
  const address = await listen(app, settings)
  await embedded.publishAddress(address, accounts && consoleSecret)
  return { address, application, ready: enginesReady }
}

/** The watched folder; its code is loaded where there is one. */
async function openInbox(settings: Settings, application: Application): Promise<Inbox | undefined> {
  if (settings.NIGHTJAR_INBOX === '') return undefined
  const { Inbox } = await import('./jobs/inbox/inbox.ts')
  return new Inbox(application, {
    root: resolve(settings.NIGHTJAR_INBOX),
    speak: inboxSpeaking(settings.NIGHTJAR_INBOX_SPEAK),
    everyMs: settings.NIGHTJAR_INBOX_EVERY * 1000,
    uploadLimit: settings.NIGHTJAR_UPLOAD_LIMIT * 1024 * 1024,
  })
}

/** The names at which this server is reached, by people and by other servers. */
function hostNames({ NIGHTJAR_HOSTS, NIGHTJAR_ADVERTISE }: Settings): string[] {
  return NIGHTJAR_ADVERTISE === ''
    ? NIGHTJAR_HOSTS
    : [...NIGHTJAR_HOSTS, new URL(NIGHTJAR_ADVERTISE).hostname]
}
