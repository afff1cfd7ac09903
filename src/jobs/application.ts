import type { Logger } from 'pino'
import type { Database } from '../storage/database-tables.ts'
import type { DataPaths } from '../storage/folder/data-paths.ts'
import type { VoiceSource } from '../storage/voices/voice-source.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import type { WorkerPool } from '../speech/worker/worker-pool.ts'
import type { ActiveGenerations } from './scheduler/active-generations.ts'
import type { EventBus } from './event-bus.ts'
import type { NovelDeletion } from './maintenance/novel-deletion.ts'
import type { Dispatcher } from './scheduler/dispatcher.ts'
import type { SpeechBackends } from './backends/speech-backends.ts'
import type { PlaybackPriorities } from './scheduler/playback-priorities.ts'
import type { Problems, DiskSpaceMonitor } from './storage-health.ts'
import type { Transcoder } from './transcodes/transcode-jobs.ts'
import type { TranscodeCache } from './transcodes/transcode-cache.ts'
import type { ProgressCounts } from './generations/progress-counts.ts'
import type { SpeechServerBackends } from './backends/speech-server-backend.ts'
import type { Mutex } from './concurrency.ts'
import type { VoiceInstaller } from './voices/voice-installer.ts'
import type { VoiceRegistry } from './voices/voice-registry.ts'

/** The parts that the story is told with. `main.ts` puts them together. */
export interface Application {
  readonly db: Database
  readonly folder: DataPaths
  readonly pool: WorkerPool
  readonly voices: VoiceRegistry
  readonly counts: ProgressCounts
  readonly activeGenerations: ActiveGenerations
  readonly dispatcher: Dispatcher
  readonly deletions: NovelDeletion
  readonly playbackPriorities: PlaybackPriorities
  readonly backends: SpeechBackends
  readonly serverBackends: SpeechServerBackends
  /** The voices that can be installed, and where they come from. */
  readonly catalogue: readonly CatalogueVoice[]
  readonly voiceSource: VoiceSource
  readonly installer: VoiceInstaller
  /** Makes chapters into MP3 and Opus; the shelf keeps them. */
  readonly transcoder: Transcoder
  readonly transcodeCache: TranscodeCache
  readonly diskSpace: DiskSpaceMonitor
  readonly problems: Problems
  /** Ids of the books whose files are there and which the database does not know; taken up again, one after the other. */
  readonly unknownNovels: Set<string>
  readonly eventBus: EventBus
  readonly log: Logger
  /** Requests are written down one after the other, or two equal ones could miss each other. */
  readonly requestMutex: Mutex
}
