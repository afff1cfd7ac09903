import type { Logger } from 'pino'
import type { Database } from '../database/tables.ts'
import type { DataPaths } from '../library/folder.ts'
import type { VoiceSource } from '../library/voice-source.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import type { WorkerPool } from '../speech/speaker-pool.ts'
import type { ActiveGenerations } from './agenda.ts'
import type { EventBus } from './announce.ts'
import type { NovelDeletion } from './deletions.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { SpeechBackends } from './lanes.ts'
import type { PlaybackPriorities } from './play-heads.ts'
import type { Problems } from './problems.ts'
import type { Transcoder } from './recorder.ts'
import type { TranscodeCache } from './recording-shelf.ts'
import type { DiskSpaceMonitor } from './room.ts'
import type { ProgressCounts } from './tally-book.ts'
import type { SpeechServerBackends } from './server-lanes.ts'
import type { Mutex } from './turns.ts'
import type { VoiceInstaller } from './voice-installer.ts'
import type { VoiceRegistry } from './voices.ts'

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
