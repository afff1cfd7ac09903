import type { Logger } from 'pino'
import { pausesOf, type Settings, workerEnvironment } from '../config.ts'
import type { Application } from '../jobs/application.ts'
import { SpeechBackends } from '../jobs/backends/speech-backends.ts'
import { SpeechServerBackends } from '../jobs/backends/speech-server-backend.ts'
import { ProgressCounts } from '../jobs/generations/progress-counts.ts'
import { SpeakingRates } from '../jobs/generations/speaking-rates.ts'
import { RemoteChanges } from '../jobs/distributed/remote-changes.ts'
import { ClipObjectJobs } from '../jobs/maintenance/clip-upkeep.ts'
import { StorageMonitor } from '../jobs/maintenance/clips-salvage.ts'
import { ActiveGenerations } from '../jobs/scheduler/active-generations.ts'
import { Dispatcher } from '../jobs/scheduler/dispatcher.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { Leases } from '../jobs/scheduler/leases.ts'
import { PlaybackPriorities } from '../jobs/scheduler/playback-priorities.ts'
import { ClipWriter } from '../jobs/scheduler/segment-results.ts'
import { releaseFormerServer } from '../jobs/servers/former-server.ts'
import { newServerId } from '../jobs/servers/server-ids.ts'
import { DiskSpaceMonitor, Problems } from '../jobs/storage-health.ts'
import { applyVoiceChange } from '../jobs/voices/voice-changes.ts'
import { VoiceRegistry } from '../jobs/voices/voice-registry.ts'
import { WorkStatistics } from '../jobs/work-statistics.ts'
import { Failure } from '../novel/failure.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { discardClip } from '../playback/corrupt-clips.ts'
import { chooseProvider } from '../speech/worker/provider-choice.ts'
import { openWorkerPool, type WorkerPool } from '../speech/worker/worker-pool.ts'
import type { ClipStore, ClipUpkeep } from '../storage/clip-store.ts'
import type { Database } from '../storage/database-tables.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { succeedFormerServer } from '../storage/local/server-succession.ts'
import { publishAddress } from '../storage/local/server-address.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { isAlone } from '../storage/postgres/server-presence.ts'
import { knownEngines } from '../storage/queries/voice-queries.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'
import { advertisedAddress } from './advertised-address.ts'
import { composeSpeakers } from './compose-speakers.ts'
import { composeWebhooks, type WebhookOptions } from './compose-webhooks.ts'
import { openCoordination } from './open-coordination.ts'
import { composeBackgroundJobs } from './compose-background-jobs.ts'
import { openJobQueue } from './open-job-queue.ts'
import { openFolder } from './open-folder.ts'
import { openSegmentSource } from './open-segment-source.ts'

/** How the parts are made, where it differs from the settings. */
export interface EmbeddedOptions {
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
  /** The voices that can be installed; the standard catalogue if left out. */
  readonly catalogue?: readonly CatalogueVoice[]
  readonly webhooks?: WebhookOptions
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

interface CompositionParts extends Pick<EmbeddedOptions, 'work' | 'catalogue' | 'leaseMs' | 'webhooks'> {
  readonly serverId: string
  readonly db: Database
  readonly clips: ClipStore
  readonly upkeep: ClipUpkeep | undefined
  readonly folder: DataPaths
  readonly objects: ObjectStore
  readonly jobs: JobQueue
  readonly pool: WorkerPool
  readonly log: Logger
  readonly version: string
}

async function composeApplication(
  settings: Settings,
  {
    serverId,
    db,
    clips,
    upkeep,
    folder,
    objects,
    jobs,
    pool,
    log,
    version,
    leaseMs,
    work = true,
    catalogue,
    webhooks: sending,
  }: CompositionParts,
  closing: AsyncDisposableStack,
): Promise<Application> {
  const voices = new VoiceRegistry({
    db,
    engines: await knownEngines(db),
    pauses: pausesOf(settings),
    silence: () => {
      const { state, reason = '' } = pool.state
      if (state === 'empty') return new Failure('speech.no-machine')
      return state === 'failing' ? new Failure('speech.no-worker', { detail: reason }) : undefined
    },
  })
  await voices.reload()
  const isShared = sqlDialect(db).shared
  const url = settings.NIGHTJAR_DATABASE
  const { lock, eventBus } = await openCoordination({ url, db, serverId, log }, closing)
  const activeGenerations = new ActiveGenerations(db)
  const playbackPriorities = new PlaybackPriorities()
  const serverBackends = new SpeechServerBackends({
    db,
    pool,
    onChange: (name) => eventBus.publish({ kind: 'speech-server', id: name }),
  })
  const backends = new SpeechBackends(
    voices,
    pool,
    objects,
    (known) => serverBackends.of(known),
    () => servers.speakersElsewhere > 0,
  )
  const tellCounts = {
    onChange: (ids: readonly number[]) => eventBus.publish({ kind: 'chapters', ids }),
    onClipsDeleted: () => eventBus.publish({ kind: 'epoch' }),
  }
  const counts = new ProgressCounts(db, clips, isShared ? tellCounts : undefined)
  const told = { db, eventBus, counts, activeGenerations, log, version, webhooks: sending }
  const webhooks = await composeWebhooks(told, closing)
  const problems = new Problems()
  const diskSpace = new DiskSpaceMonitor(folder, (failure) => {
    if (failure) log.warn({ reason: failure.message }, 'work is paused: results cannot be stored')
    else log.info('work is resumed: results can be stored again')
    const resumed = failure ? dispatcher.dispatch() : dispatcher.refresh()
    resumed.catch((error: unknown) => log.error({ err: error }, 'pending work could not be dispatched'))
    transcoder.work()
  })
  const statistics = new WorkStatistics(eventBus)
  const speakingRates = closing.use(new SpeakingRates({ db, eventBus, log }))
  const writer = new ClipWriter(counts, {
    onWriteError: (error) => diskSpace.reportWriteError(error),
    onCommit: (clips, seconds) => statistics.recordCommit(clips, seconds),
  })
  const leases = new Leases()
  const asked = {
    db,
    jobs,
    lock,
    activeGenerations,
    playbackPriorities,
    backends,
    voices,
    counts,
    eventBus,
    outbox: webhooks,
    log,
  }
  const source = openSegmentSource(
    { ...asked, leases, server: serverId, dispatch: () => dispatcher.dispatch() },
    closing,
  )
  const dispatcher: Dispatcher = new Dispatcher({
    db,
    backends,
    voices,
    activeGenerations,
    counts,
    writer,
    source,
    leases,
    eventBus,
    outbox: webhooks,
    log,
    halted: () => !work || diskSpace.blocked || problems.blocking !== undefined,
    onError: (error) => diskSpace.reportWorkError(error),
  })
  const speaking = {
    id: serverId,
    version,
    db,
    pool,
    voices,
    dispatcher,
    backends,
    activeGenerations,
    diskSpace,
    eventBus,
    log,
    leaseMs,
  }
  const { segmentScheduler, servers } = composeSpeakers(speaking)
  const unknownNovels = new Set<string>()
  const shared = {
    db,
    folder,
    objects,
    jobs,
    clips,
    counts,
    voices,
    eventBus,
    diskSpace,
    problems,
    lock,
    log,
  }
  const background = await composeBackgroundJobs(settings, closing, {
    ...shared,
    catalogue,
    hasUnknownNovels: () => unknownNovels.size > 0,
    // While the speech workers are busy, one at a time beside them.
    freeProcesses: () =>
      pool.busy === 0 && leases.segmentEvents().length === 0 ? Math.max(1, pool.localSize) : 1,
    discardClip: (key) => discardClip(application, key),
    onInstalled: () => applyVoiceChange(application),
  })
  if (upkeep) closing.use(new ClipObjectJobs({ ...shared, upkeep, activeGenerations }))
  const { transcoder } = background
  await diskSpace.check()
  closing.defer(async () => {
    diskSpace.stop()
    await transcoder.stop()
    await background.transcodeCache.stop()
    const dispatcherStopped = dispatcher.stop()
    serverBackends.stop()
    await pool.stop()
    await writer.stop()
    await dispatcherStopped
  })
  const application: Application = {
    db,
    clips,
    folder,
    objects,
    jobs,
    pool,
    voices,
    backends,
    serverBackends,
    ...background,
    counts,
    activeGenerations,
    dispatcher,
    segmentScheduler,
    servers,
    playbackPriorities,
    diskSpace,
    eventBus,
    statistics,
    speakingRates,
    log,
    lock,
    problems,
    unknownNovels,
    webhooks,
  }
  if (isShared) closing.use(new RemoteChanges(application))
  return application
}
