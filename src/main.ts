import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import { pausesOf, type Settings, workerEnvironment } from './config.ts'
import { openDatabase } from './storage/sqlite/sqlite-database.ts'
import type { Database } from './storage/database-tables.ts'
import { knownEngines } from './storage/queries/voice-queries.ts'
import { lockFolder } from './storage/sqlite/folder-lock.ts'
import { ActiveGenerations } from './jobs/scheduler/active-generations.ts'
import { EventBus } from './jobs/event-bus.ts'
import { ClipWriter } from './jobs/scheduler/segment-results.ts'
import { NovelDeletion } from './jobs/maintenance/novel-deletion.ts'
import { Dispatcher } from './jobs/scheduler/dispatcher.ts'
import { catalogueInstaller } from './jobs/voices/voice-installation.ts'
import { SpeechBackends } from './jobs/backends/speech-backends.ts'
import { adoptEngines, applyVoiceChange } from './jobs/voices/voice-changes.ts'
import { PlaybackPriorities } from './jobs/scheduler/playback-priorities.ts'
import { Problems, DiskSpaceMonitor } from './jobs/storage-health.ts'
import { transcodeChapter } from './jobs/transcodes/transcode-chapter.ts'
import { Transcoder } from './jobs/transcodes/transcode-jobs.ts'
import { auditFinished, recover } from './jobs/maintenance/recover.ts'
import { TranscodeCache } from './jobs/transcodes/transcode-cache.ts'
import { SpeechServerBackends } from './jobs/backends/speech-server-backend.ts'
import type { Application } from './jobs/application.ts'
import { ProgressCounts } from './jobs/generations/progress-counts.ts'
import { recoverNovels, writeMissingCards } from './jobs/maintenance/recover-sources.ts'
import { Mutex } from './jobs/concurrency.ts'
import { StorageMonitor } from './jobs/maintenance/clips-salvage.ts'
import { VoiceInstaller } from './jobs/voices/voice-installer.ts'
import { VoiceRegistry } from './jobs/voices/voice-registry.ts'
import { AllowedHosts } from './http/protocol/request-security.ts'
import { listen, buildServer } from './http/http-server.ts'
import { freeBytes, reserveBytes } from './storage/folder/disk-space.ts'
import { audiobookshelfRoot } from './exports/audiobookshelf/audiobookshelf-folder.ts'
import { type DataPaths, openDataFolder } from './storage/folder/data-paths.ts'
import { finishSwap } from './storage/folder/restore-swap.ts'
import { discardTranscode, transcodeFileSize } from './storage/folder/transcode-files.ts'
import { storedSourceIds } from './storage/folder/novel-files.ts'
import { publishAddress } from './storage/folder/server-address.ts'
import { emptyTrashDaily } from './storage/folder/unreferenced-files.ts'
import { readCatalogue } from './storage/voices/voice-catalogue-table.ts'
import { discardDownload } from './storage/voices/voice-model-files.ts'
import { voiceSource } from './storage/voices/voice-source.ts'
import { discardClip } from './playback/corrupt-clips.ts'
import { AudiobookshelfExporter } from './exports/audiobookshelf/audiobookshelf-exporter.ts'
import type { CatalogueVoice } from './novel/voice-catalogue.ts'
import { WorkerPool } from './speech/worker/worker-pool.ts'

export interface Nightjar {
  /** Where the page and the API are. */
  readonly address: string
  readonly application: Application
  /** Resolves when a worker has told what it can speak; requests that need to know are held until then. */
  readonly ready: Promise<void>
  /** Hands back what is in the air and closes everything. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** What a speaker process runs. */
  readonly workerModule?: URL
  /** Milliseconds that a text of so many characters may take. */
  readonly timeout?: (characters: number) => number
  /** Milliseconds that a worker may take to start. */
  readonly startTimeout?: number
  /** `false`: answers, but leaves what waits waiting. */
  readonly work?: boolean
  /** Milliseconds after which a request whose body stops coming is given up. */
  readonly bodyTimeoutMs?: number
  /** The voices that can be installed. */
  readonly catalogue?: readonly CatalogueVoice[]
}

interface Opened extends StartOptions {
  readonly db: Database
  readonly folder: DataPaths
  readonly pool: WorkerPool
  readonly log: Logger
}

export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Puts the whole together and takes up what was left: data folder, database, speakers, dispatcher, door. Throws
 * `storage.in-use`, `storage.lost`, `storage.damaged`, `storage.unwritable`, `storage.newer`, `server.port-taken`.
 */
export async function startNightjar(settings: Settings, options: StartOptions = {}): Promise<Nightjar> {
  const log = pino({ level: settings.NIGHTJAR_LOG, base: null }, pino.destination({ dest: 2, sync: true }))
  const folder = openDataFolder(settings.NIGHTJAR_DATA)
  await using closing = new AsyncDisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  if (await finishSwap(folder)) log.warn('a backup that was being restored is in its place now')
  // Where a killed server was, nobody is now, or somebody else.
  await rm(folder.serverAddress, { force: true })
  const { nightjarDb: nightjar, clipsDb: clips } = folder
  const novelCount = (await storedSourceIds(folder)).length
  const { db, ...storage } = openDatabase({ folder: folder.root, nightjar, clips, books: novelCount })
  closing.defer(() => db.destroy())
  const pool = new WorkerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: options.workerModule ?? new URL('./speech/worker/speech-worker.ts', import.meta.url),
    environment: workerEnvironment(),
    onReady: (pid) => log.debug({ pid }, 'a speaker is ready'),
    onUnexpectedExit: (pid, reason) => log.warn({ pid, reason }, 'a speaker ended and is replaced'),
    ...(options.timeout && { timeout: options.timeout }),
    ...(options.startTimeout !== undefined && { startTimeout: options.startTimeout }),
  })
  closing.defer(() => pool.stop())
  const application = await composeApplication(settings, { ...options, db, folder, pool, log }, closing)
  const storageMonitor = new StorageMonitor(application, storage)
  await recover(application)
  closing.use(emptyTrashDaily(folder, (err) => log.error({ err }, 'the trash could not be emptied')))
  application.installer.work()
  if (options.work !== false) application.transcoder.work()
  const background = new AbortController()
  const enginesReady = adoptEngines(application, background.signal)
  const auditing = storageMonitor
    .work()
    .then(() => auditInBackground(application, background.signal))
    .then(() => writeMissingCards(application, background.signal))
  closing.defer(async () => {
    background.abort()
    await storageMonitor.stop()
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
  const address = await listen(app, settings)
  closing.use(await publishAddress(folder, address))
  const opened = closing.move()
  return { address, application, ready: enginesReady, stop: () => opened.disposeAsync() }
}

async function composeApplication(
  settings: Settings,
  { db, folder, pool, log, work = true, ...options }: Opened,
  closing: AsyncDisposableStack,
): Promise<Application> {
  const voices = new VoiceRegistry({
    db,
    folder,
    engines: await knownEngines(db),
    pauses: pausesOf(settings),
  })
  await voices.reload()
  const [eventBus, activeGenerations, playbackPriorities] = [
    new EventBus(),
    new ActiveGenerations(db),
    new PlaybackPriorities(),
  ]
  const serverBackends = new SpeechServerBackends({
    db,
    pool,
    onChange: (name) => eventBus.publish({ kind: 'speech-server', id: name }),
  })
  const backends = new SpeechBackends(voices, pool, (known) => serverBackends.of(known))
  const counts = new ProgressCounts(db)
  const problems = new Problems()
  const diskSpace = new DiskSpaceMonitor(folder, (failure) => {
    if (failure)
      log.warn({ reason: failure.message }, 'what is made cannot be kept: the work waits until it can')
    else log.info('what is made can be kept again')
    const resumed = failure ? dispatcher.dispatch() : dispatcher.refresh()
    resumed.catch((error: unknown) => log.error({ err: error }, 'the work could not go on'))
    transcoder.work()
  })
  const writer = new ClipWriter(counts, { onTrouble: (error) => diskSpace.reportWriteError(error) })
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
  const unknownNovels = new Set<string>()
  const deletions = new NovelDeletion({ db, counts, log, hasUnknownNovels: () => unknownNovels.size > 0 })
  closing.defer(() => deletions.stop())
  const transcodeCache = new TranscodeCache({
    db,
    log,
    discard: (key) => discardTranscode(folder, key),
    limit: settings.NIGHTJAR_RECORDINGS_LIMIT * 1_000_000,
  })
  const transcoder: Transcoder = new Transcoder({
    db,
    log,
    cache: transcodeCache,
    transcodeChapter: transcodeChapter(db, folder),
    sizeOf: (key) => transcodeFileSize(folder, key),
    discardClip: (key) => discardClip(application, key),
    // While somebody is being spoken to, one beside it.
    concurrency: () => (pool.busy === 0 && dispatcher.segmentsInFlight().length === 0 ? pool.size : 1),
    // Whoever asks for a recording gets it, from a server that otherwise only answers, too.
    halted: () => diskSpace.blocked || problems.blocking !== undefined,
    hasSpace: async (bytes) => (await freeBytes(folder)) > bytes + reserveBytes,
  })
  await diskSpace.check()
  closing.defer(async () => {
    diskSpace.stop()
    await transcoder.stop()
    await transcodeCache.stop()
    const handedBack = dispatcher.stop()
    serverBackends.stop()
    await pool.stop()
    await writer.stop()
    await handedBack
  })
  const catalogue = options.catalogue ?? (await readCatalogue())
  const source = voiceSource(settings.NIGHTJAR_VOICE_SOURCE)
  const installer = new VoiceInstaller({
    db,
    catalogue,
    eventBus,
    log,
    installVoice: catalogueInstaller({ db, folder }, source, () => applyVoiceChange(application)),
    discard: (installId) => discardDownload(folder, installId),
    isInstalled: (id) => voices.installed(id) !== undefined,
  })
  closing.defer(() => installer.stop())
  const application: Application = {
    db,
    folder,
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
    deletions,
    playbackPriorities,
    transcoder,
    transcodeCache: transcodeCache,
    diskSpace,
    eventBus,
    log,
    requestMutex: new Mutex(),
    problems,
    unknownNovels,
  }
  return application
}

/** What nobody waits for: unknown books are taken up again, and then lost clips are asked for. */
async function auditInBackground(application: Application, signal: AbortSignal): Promise<void> {
  try {
    await recoverNovels(application, signal)
    application.deletions.work()
    await auditFinished(application, signal)
  } catch (error) {
    if (!signal.aborted) application.log.error({ err: error }, 'the look through the clips was cut short')
  }
}

function builtPage(log: Logger): string | undefined {
  const folder = fileURLToPath(new URL('../dist/web', import.meta.url))
  if (existsSync(join(folder, 'index.html'))) return folder
  log.warn('the page is not built, only the API is served; "npm start" builds it')
  return undefined
}
