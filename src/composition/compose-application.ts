import type { Logger } from 'pino'
import { pausesOf, type Settings } from '../config.ts'
import type { Application } from '../jobs/application.ts'
import { SpeechBackends } from '../jobs/backends/speech-backends.ts'
import { SpeechServerBackends } from '../jobs/backends/speech-server-backend.ts'
import { ProgressCounts } from '../jobs/generations/progress-counts.ts'
import { SpeakingRates } from '../jobs/generations/speaking-rates.ts'
import { ClipObjectJobs } from '../jobs/maintenance/clip-upkeep.ts'
import { ActiveGenerations } from '../jobs/scheduler/active-generations.ts'
import { Dispatcher } from '../jobs/scheduler/dispatcher.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { Leases } from '../jobs/scheduler/leases.ts'
import { PlaybackPriorities } from '../jobs/scheduler/playback-priorities.ts'
import { ClipWriter } from '../jobs/scheduler/segment-results.ts'
import { DiskSpaceMonitor, Problems } from '../jobs/storage-health.ts'
import { applyVoiceChange } from '../jobs/voices/voice-changes.ts'
import { VoiceRegistry } from '../jobs/voices/voice-registry.ts'
import { WorkStatistics } from '../jobs/work-statistics.ts'
import { Failure } from '../novel/failure.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { discardClip } from '../playback/corrupt-clips.ts'
import type { WorkerPool } from '../speech/worker/worker-pool.ts'
import type { ClipStore, ClipUpkeep } from '../storage/clip-store.ts'
import type { Database } from '../storage/database-tables.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { knownEngines } from '../storage/queries/voice-queries.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'
import { composeSpeakers } from './compose-speakers.ts'
import { composeWebhooks, type WebhookOptions } from './compose-webhooks.ts'
import { openCoordination } from './open-coordination.ts'
import { composeBackgroundJobs } from './compose-background-jobs.ts'
import { openSegmentSource } from './open-segment-source.ts'

/** How the parts are made, where it differs from the settings. */
export interface CompositionOptions {
  /** Milliseconds after which a speaker machine of which nothing is heard counts as lost. */
  readonly leaseMs?: number
  /** `false`: serves the API, but starts no pending work. */
  readonly work?: boolean
  /** The voices that can be installed; the standard catalogue if left out. */
  readonly catalogue?: readonly CatalogueVoice[]
  readonly webhooks?: WebhookOptions
}

interface CompositionParts extends CompositionOptions {
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

/** Puts the parts of a server together; what is opened is closed with `closing`. */
export async function composeApplication(
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
  const source = await openSegmentSource(
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
    editContext: () => application,
    importParts: () => application,
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
  if (isShared) {
    const { RemoteChanges } = await import('../jobs/distributed/remote-changes.ts')
    closing.use(new RemoteChanges(application))
  }
  return application
}
