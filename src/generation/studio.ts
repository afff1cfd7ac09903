import type { Logger } from 'pino'
import type { Database } from '../database/tables.ts'
import type { Folder } from '../library/folder.ts'
import type { VoiceSource } from '../library/voice-source.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import type { SpeakerPool } from '../speech/speaker-pool.ts'
import type { Agenda } from './agenda.ts'
import type { Announcer } from './announce.ts'
import type { Deletions } from './deletions.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Lanes } from './lanes.ts'
import type { PlayHeads } from './play-heads.ts'
import type { Problems } from './problems.ts'
import type { Recorder } from './recorder.ts'
import type { RecordingShelf } from './recording-shelf.ts'
import type { Room } from './room.ts'
import type { TallyBook } from './tally-book.ts'
import type { ServerLanes } from './server-lanes.ts'
import type { Turns } from './turns.ts'
import type { VoiceInstaller } from './voice-installer.ts'
import type { Voices } from './voices.ts'

/** The parts that the story is told with. `main.ts` puts them together. */
export interface Studio {
  readonly db: Database
  readonly folder: Folder
  readonly pool: SpeakerPool
  readonly voices: Voices
  readonly book: TallyBook
  readonly agenda: Agenda
  readonly dispatcher: Dispatcher
  readonly deletions: Deletions
  readonly heads: PlayHeads
  readonly lanes: Lanes
  readonly servers: ServerLanes
  /** The voices that can be installed, and where they come from. */
  readonly catalogue: readonly CatalogueVoice[]
  readonly voiceSource: VoiceSource
  readonly installer: VoiceInstaller
  /** Makes chapters into MP3 and Opus; the shelf keeps them. */
  readonly recorder: Recorder
  readonly recordings: RecordingShelf
  readonly room: Room
  readonly problems: Problems
  /** Ids of the books whose files are there and which the database does not know; taken up again, one after the other. */
  readonly unknownBooks: Set<string>
  readonly announcer: Announcer
  readonly log: Logger
  /** Requests are written down one after the other, or two equal ones could miss each other. */
  readonly requests: Turns
}
