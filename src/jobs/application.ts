import type { Logger } from 'pino'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import type { WorkerPool } from '../speech/worker/worker-pool.ts'
import type { ClipStore } from '../storage/clip-store.ts'
import type { Database } from '../storage/database-tables.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import type { Lock } from '../storage/lock.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import type { VoiceSource } from '../storage/voices/voice-source.ts'
import type { SpeechBackends } from './backends/speech-backends.ts'
import type { SpeechServerBackends } from './backends/speech-server-backend.ts'
import type { CastAnalysis } from './cast/cast-analysis.ts'
import type { CastQuestions } from './cast/cast-questions.ts'
import type { EventBus } from './event-bus.ts'
import type { ProgressCounts } from './generations/progress-counts.ts'
import type { SpeakingRates } from './generations/speaking-rates.ts'
import type { JobQueue } from './job-queue.ts'
import type { LexiconUpdates } from './lexicon/lexicon-updates.ts'
import type { NovelDeletion } from './maintenance/novel-deletion.ts'
import type { OpdsFetches } from './opds/opds-fetches.ts'
import type { ActiveGenerations } from './scheduler/active-generations.ts'
import type { Dispatcher } from './scheduler/dispatcher.ts'
import type { PlaybackPriorities } from './scheduler/playback-priorities.ts'
import type { SegmentScheduler } from './scheduler/segment-scheduler.ts'
import type { ServerDirectory } from './servers/server-directory.ts'
import type { DiskSpaceMonitor, Problems } from './storage-health.ts'
import type { TranscodeCache } from './transcodes/transcode-cache.ts'
import type { Transcoder } from './transcodes/transcode-jobs.ts'
import type { VoiceInstaller } from './voices/voice-installer.ts'
import type { VoiceRegistry } from './voices/voice-registry.ts'
import type { WebhookOutbox } from './webhooks/webhook-outbox.ts'
import type { WorkStatistics } from './work-statistics.ts'

/** Application context: the parts that jobs, exports and the API work with. Composed in `src/composition/`. */
export interface Application {
  readonly db: Database
  /** What was spoken. */
  readonly clips: ClipStore
  /** What belongs to this process alone: databases, temporary files, downloads. */
  readonly folder: DataPaths
  /** Sources, covers, voices, transcodes. */
  readonly objects: ObjectStore
  /** Background work of all servers of the database. */
  readonly jobs: JobQueue
  readonly pool: WorkerPool
  readonly voices: VoiceRegistry
  readonly counts: ProgressCounts
  readonly activeGenerations: ActiveGenerations
  readonly dispatcher: Dispatcher
  /** Leases segments to other machines. */
  readonly segmentScheduler: SegmentScheduler
  /** This server and the others on the same database. */
  readonly servers: ServerDirectory
  readonly deletions: NovelDeletion
  readonly playbackPriorities: PlaybackPriorities
  readonly backends: SpeechBackends
  readonly serverBackends: SpeechServerBackends
  /** The voices that can be installed; `voiceSource` is where they are downloaded from. */
  readonly catalogue: readonly CatalogueVoice[]
  readonly voiceSource: VoiceSource
  readonly installer: VoiceInstaller
  /** Fetches books of OPDS catalogues. */
  readonly opdsFetches: OpdsFetches
  /** Finds who speaks in novels. */
  readonly castAnalysis: CastAnalysis
  readonly castQuestions: CastQuestions
  /** Brings novels up to date with how words are said. */
  readonly lexicons: LexiconUpdates
  /** Transcodes chapters to MP3 and Opus; `transcodeCache` keeps the files. */
  readonly transcoder: Transcoder
  readonly transcodeCache: TranscodeCache
  readonly diskSpace: DiskSpaceMonitor
  readonly problems: Problems
  /** Ids of novels whose sources are stored but which the database lacks; re-imported in the background. */
  readonly unknownNovels: Set<string>
  readonly eventBus: EventBus
  readonly statistics: WorkStatistics
  /** How fast this machine speaks each voice. */
  readonly speakingRates: SpeakingRates
  readonly log: Logger
  /** Of all servers of the database. */
  readonly lock: Lock
  /** Events for other programs. */
  readonly webhooks: WebhookOutbox
}
