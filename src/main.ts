import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Logger, pino } from 'pino'
import { pausesOf, type Settings, workerEnvironment } from './config.ts'
import { AudiobookshelfExporter } from './exports/audiobookshelf/audiobookshelf-exporter.ts'
import { audiobookshelfRoot } from './exports/audiobookshelf/audiobookshelf-folder.ts'
import { buildServer, listen } from './http/http-server.ts'
import { requestLogFields } from './http/protocol/request-ids.ts'
import { builtPage } from './http/protocol/fallback-routes.ts'
import { AllowedHosts } from './http/protocol/request-security.ts'
import type { Application } from './jobs/application.ts'
import { SpeechBackends } from './jobs/backends/speech-backends.ts'
import { SpeechServerBackends } from './jobs/backends/speech-server-backend.ts'
import { ProgressCounts } from './jobs/generations/progress-counts.ts'
import { InProcessEventBus } from './jobs/in-process/in-process-event-bus.ts'
import { StorageMonitor } from './jobs/maintenance/clips-salvage.ts'
import { NovelDeletion } from './jobs/maintenance/novel-deletion.ts'
import { writeMissingCards } from './jobs/maintenance/recover-sources.ts'
import { auditInBackground } from './jobs/maintenance/background-audit.ts'
import { recover } from './jobs/maintenance/recover.ts'
import { ActiveGenerations } from './jobs/scheduler/active-generations.ts'
import { Dispatcher } from './jobs/scheduler/dispatcher.ts'
import { PlaybackPriorities } from './jobs/scheduler/playback-priorities.ts'
import { ClipWriter } from './jobs/scheduler/segment-results.ts'
import { EmbeddedScheduler } from './jobs/speakers/embedded-scheduler.ts'
import { DiskSpaceMonitor, Problems } from './jobs/storage-health.ts'
import { TranscodeCache } from './jobs/transcodes/transcode-cache.ts'
import { transcodeChapter } from './jobs/transcodes/transcode-chapter.ts'
import { Transcoder } from './jobs/transcodes/transcode-jobs.ts'
import { adoptEngines, applyVoiceChange } from './jobs/voices/voice-changes.ts'
import { catalogueInstaller } from './jobs/voices/voice-installation.ts'
import { VoiceInstaller } from './jobs/voices/voice-installer.ts'
import { VoiceRegistry } from './jobs/voices/voice-registry.ts'
import { WorkStatistics } from './jobs/work-statistics.ts'
import type { CatalogueVoice } from './novel/voice-catalogue.ts'
import { openStorage } from './open-storage.ts'
import { discardClip } from './playback/corrupt-clips.ts'
import { WorkerPool } from './speech/worker/worker-pool.ts'
import type { Database } from './storage/database-tables.ts'
import { type DataPaths, openDataFolder } from './storage/folder/data-paths.ts'
import { freeBytes, reserveBytes } from './storage/folder/disk-space.ts'
import { FolderObjectStore } from './storage/folder/folder-object-store.ts'
import { finishSwap } from './storage/folder/restore-swap.ts'
import { publishAddress } from './storage/folder/server-address.ts'
import { recordingKey } from './storage/object-keys.ts'
import type { ObjectStore } from './storage/object-store.ts'
import { knownEngines } from './storage/queries/voice-queries.ts'
import { InProcessLock } from './storage/in-process/in-process-lock.ts'
import { lockFolder } from './storage/sqlite/folder-lock.ts'
import { emptyTrashDaily } from './storage/unreferenced-objects.ts'
import { readCatalogue } from './storage/voices/voice-catalogue-table.ts'
import { discardDownload } from './storage/voices/voice-model-files.ts'
import { voiceSource } from './storage/voices/voice-source.ts'

export interface Nightjar {
  /** URL of the page and the API. */
  readonly address: string
  readonly application: Application
  /** Resolves when a speech worker has reported its engines; requests that need them wait until then. */
  readonly ready: Promise<void>
  /** Drops the segments in flight, which stay pending in the database, and closes everything. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** The module that a speech worker runs. */
  readonly workerModule?: URL
  /** Milliseconds after which a speaker machine of which nothing is heard counts as lost. */
  readonly leaseMs?: number
  /** Time-out in milliseconds for speaking a text of so many characters. */
  readonly timeout?: (characters: number) => number
  /** Time-out in milliseconds for the start of a speech worker. */
  readonly startTimeout?: number
  /** `false`: serves the API, but starts no pending work. */
  readonly work?: boolean
  /** Idle time-out in milliseconds for a request's body. */
  readonly bodyTimeoutMs?: number
  /** The voices that can be installed; the standard catalogue if left out. */
  readonly catalogue?: readonly CatalogueVoice[]
}

interface CompositionParts extends StartOptions {
  readonly db: Database
  readonly folder: DataPaths
  readonly objects: ObjectStore
  readonly pool: WorkerPool
  readonly log: Logger
}

export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Composition root: opens the data folder and the database, starts the speech workers, recovers unfinished work and
 * serves the API. Throws `storage.in-use`, `storage.lost`, `storage.damaged`, `storage.unwritable`, `storage.newer`,
 * `server.port-taken`.
 */
export async function startNightjar(settings: Settings, options: StartOptions = {}): Promise<Nightjar> {
  const log = pino(
    { level: settings.NIGHTJAR_LOG, base: null, mixin: requestLogFields },
    pino.destination({ dest: 2, sync: true }),
  )
  const folder = openDataFolder(settings.NIGHTJAR_DATA)
  await using closing = new AsyncDisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  if (await finishSwap(folder)) log.warn('an interrupted restore of a backup was completed')
  // The address of a killed server: by now unused, or another program's.
  await rm(folder.serverAddress, { force: true })
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  const { db, files } = await openStorage(settings, folder, objects)
  closing.defer(() => db.destroy())
  const pool = new WorkerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: options.workerModule ?? new URL('./speech/worker/speech-worker.ts', import.meta.url),
    environment: workerEnvironment(),
    onReady: (pid) => log.debug({ pid }, 'a speech worker is ready'),
    onUnexpectedExit: (pid, reason) => log.warn({ pid, reason }, 'a speech worker ended and is replaced'),
    ...(options.timeout && { timeout: options.timeout }),
    ...(options.startTimeout !== undefined && { startTimeout: options.startTimeout }),
  })
  closing.defer(() => pool.stop())
  const application = await composeApplication(
    settings,
    { ...options, db, folder, objects, pool, log },
    closing,
  )
  const storageMonitor = files && new StorageMonitor(application, files)
  await recover(application)
  closing.use(emptyTrashDaily([objects], (err) => log.error({ err }, 'the trash could not be emptied')))
  application.installer.work()
  if (options.work !== false) application.transcoder.work()
  const background = new AbortController()
  const enginesReady = adoptEngines(application, background.signal)
  const auditing = Promise.resolve(storageMonitor?.work())
    .then(() => auditInBackground(application, background.signal))
    .then(() => writeMissingCards(application, background.signal))
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
    allowedHosts: new AllowedHosts(settings.HOST, settings.NIGHTJAR_HOSTS),
    basePath: settings.NIGHTJAR_BASE,
    audiobookshelf,
    bodyIdleTimeoutMs: options.bodyTimeoutMs,
  })
  closing.defer(() => app.close())
  // Requests that wait for work end before the server waits for them.
  closing.defer(() => application.segmentScheduler.close())
  const address = await listen(app, settings)
  closing.use(await publishAddress(folder, address))
  const opened = closing.move()
  return { address, application, ready: enginesReady, stop: () => opened.disposeAsync() }
}

async function composeApplication(
  settings: Settings,
  { db, folder, objects, pool, log, work = true, ...options }: CompositionParts,
  closing: AsyncDisposableStack,
): Promise<Application> {
  const voices = new VoiceRegistry({
    db,
    engines: await knownEngines(db),
    pauses: pausesOf(settings),
  })
  await voices.reload()
  const eventBus = new InProcessEventBus(log)
  const activeGenerations = new ActiveGenerations(db)
  const playbackPriorities = new PlaybackPriorities()
  const serverBackends = new SpeechServerBackends({
    db,
    pool,
    onChange: (name) => eventBus.publish({ kind: 'speech-server', id: name }),
  })
  const backends = new SpeechBackends(voices, pool, objects, (known) => serverBackends.of(known))
  const counts = new ProgressCounts(db)
  const problems = new Problems()
  const diskSpace = new DiskSpaceMonitor(folder, (failure) => {
    if (failure) log.warn({ reason: failure.message }, 'work is paused: results cannot be stored')
    else log.info('work is resumed: results can be stored again')
    const resumed = failure ? dispatcher.dispatch() : dispatcher.refresh()
    resumed.catch((error: unknown) => log.error({ err: error }, 'pending work could not be dispatched'))
    transcoder.work()
  })
  const statistics = new WorkStatistics(eventBus)
  const writer = new ClipWriter(counts, {
    onWriteError: (error) => diskSpace.reportWriteError(error),
    onCommit: (clips, seconds) => statistics.recordCommit(clips, seconds),
  })
  const dispatcher: Dispatcher = new Dispatcher({
    db,
    backends,
    voices,
    activeGenerations,
    counts,
    writer,
    playbackPriorities,
    eventBus,
    log,
    halted: () => !work || diskSpace.blocked || problems.blocking !== undefined,
    onError: (error) => diskSpace.reportWorkError(error),
  })
  const segmentScheduler = new EmbeddedScheduler({
    pool,
    version,
    log,
    leaseMs: options.leaseMs,
    modelBytes: (checksum) => voices.modelBytes(checksum),
    storageTrouble: () => diskSpace.trouble,
    onCapacity: () =>
      void dispatcher.dispatch().catch((err: unknown) => log.error({ err }, 'nothing could be leased')),
  })
  const unknownNovels = new Set<string>()
  const deletions = new NovelDeletion({ db, counts, log, hasUnknownNovels: () => unknownNovels.size > 0 })
  closing.defer(() => deletions.stop())
  const transcodeCache = new TranscodeCache({
    db,
    log,
    discard: (key) => objects.delete([recordingKey(key)]),
    limit: settings.NIGHTJAR_RECORDINGS_LIMIT * 1_000_000,
  })
  const transcoder: Transcoder = new Transcoder({
    db,
    log,
    cache: transcodeCache,
    transcodeChapter: transcodeChapter(db, { objects, folder }),
    sizeOf: async (key) => (await objects.head(recordingKey(key)))?.bytes,
    discardClip: (key) => discardClip(application, key),
    // While the speech workers are busy, one at a time beside them.
    concurrency: () =>
      pool.busy === 0 && dispatcher.segmentsInFlight().length === 0 ? Math.max(1, pool.localSize) : 1,
    // `work: false` does not stop transcodes: they are started by a request.
    halted: () => diskSpace.blocked || problems.blocking !== undefined,
    hasSpace: async (bytes) => (await freeBytes(folder)) > bytes + reserveBytes,
  })
  await diskSpace.check()
  closing.defer(async () => {
    diskSpace.stop()
    await transcoder.stop()
    await transcodeCache.stop()
    const dispatcherStopped = dispatcher.stop()
    serverBackends.stop()
    await pool.stop()
    await writer.stop()
    await dispatcherStopped
  })
  const catalogue = options.catalogue ?? (await readCatalogue())
  const source = voiceSource(settings.NIGHTJAR_VOICE_SOURCE)
  const installer = new VoiceInstaller({
    db,
    catalogue,
    eventBus,
    log,
    installVoice: catalogueInstaller({ db, folder, objects }, source, () => applyVoiceChange(application)),
    discard: (installId) => discardDownload(folder, installId),
    isInstalled: (id) => voices.installed(id) !== undefined,
  })
  closing.defer(() => installer.stop())
  const application: Application = {
    db,
    folder,
    objects,
    pool,
    voices,
    backends,
    serverBackends,
    catalogue,
    voiceSource: source,
    installer,
    counts,
    activeGenerations,
    dispatcher,
    segmentScheduler,
    deletions,
    playbackPriorities,
    transcoder,
    transcodeCache,
    diskSpace,
    eventBus,
    statistics,
    log,
    lock: new InProcessLock(),
    problems,
    unknownNovels,
  }
  return application
}
