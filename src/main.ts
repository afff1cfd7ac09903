import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import { pausesOf, type Settings, speakerEnvironment } from './config.ts'
import { openDatabase } from './database/database.ts'
import type { Database } from './database/tables.ts'
import { knownEngines } from './database/engines.ts'
import { lockFolder } from './database/lock.ts'
import { Agenda } from './generation/agenda.ts'
import { Announcer } from './generation/announce.ts'
import { ClipWriter } from './generation/clip-writer.ts'
import { Deletions } from './generation/deletions.ts'
import { Dispatcher } from './generation/dispatcher.ts'
import { fetchAndProve } from './generation/fetch-voice.ts'
import { Lanes } from './generation/lanes.ts'
import { meetEngines } from './generation/meet-engines.ts'
import { PlayHeads } from './generation/play-heads.ts'
import { Problems } from './generation/problems.ts'
import { recordChapter } from './generation/record-chapter.ts'
import { Recorder } from './generation/recorder.ts'
import { auditFinished, recover } from './generation/recover.ts'
import { RecordingShelf } from './generation/recording-shelf.ts'
import { Room } from './generation/room.ts'
import { ServerLanes } from './generation/server-lanes.ts'
import type { Studio } from './generation/studio.ts'
import { TallyBook } from './generation/tally-book.ts'
import { takeUpBooks } from './generation/take-up-books.ts'
import { Turns } from './generation/turns.ts'
import { StorageWatch } from './generation/watch-storage.ts'
import { writeMissingCards } from './generation/write-cards.ts'
import { VoiceInstaller } from './generation/voice-installer.ts'
import { Voices } from './generation/voices.ts'
import { voicesChanged } from './generation/voices-changed.ts'
import { OwnNames } from './http/own-names.ts'
import { listen } from './http/listen.ts'
import { buildServer } from './http/server.ts'
import { freeBytes, reserveBytes } from './library/disk.ts'
import { shelfRoot } from './library/audiobookshelf-folder.ts'
import { type Folder, openFolder } from './library/folder.ts'
import { finishSwap } from './library/restore-swap.ts'
import { discardRecording, recordingSize } from './library/recording-file.ts'
import { booksIn } from './library/unknown-sources.ts'
import { publishAddress } from './library/server-address.ts'
import { emptyTrashDaily } from './library/trash.ts'
import { readCatalogue } from './library/voice-catalogue.ts'
import { discardDownload } from './library/voice-folders.ts'
import { voiceSource } from './library/voice-source.ts'
import { loseClip } from './listening/lose-clip.ts'
import { AudiobookshelfWriter } from './listening/audiobookshelf-writer.ts'
import type { CatalogueVoice } from './novel/voice-catalogue.ts'
import { SpeakerPool } from './speech/speaker-pool.ts'

export interface Nightjar {
  /** Where the page and the API are. */
  readonly address: string
  readonly studio: Studio
  /** Resolves when a worker has told what it can speak; requests that need to know are held until then. */
  readonly ready: Promise<void>
  /** Hands back what is in the air and closes everything. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** What a speaker process runs. */
  readonly speaker?: URL
  /** Milliseconds that a text of so many characters may take. */
  readonly timeout?: (characters: number) => number
  /** Milliseconds that a worker may take to start. */
  readonly startTimeout?: number
  /** `false`: answers, but leaves what waits waiting. */
  readonly work?: boolean
  /** Milliseconds after which a request whose body stops coming is given up. */
  readonly bodyPatience?: number
  /** The voices that can be installed. */
  readonly catalogue?: readonly CatalogueVoice[]
}

interface Opened extends StartOptions {
  readonly db: Database
  readonly folder: Folder
  readonly pool: SpeakerPool
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
  const folder = openFolder(settings.NIGHTJAR_DATA)
  await using closing = new AsyncDisposableStack()
  closing.use(lockFolder(folder.lockDb, folder.root))
  if (await finishSwap(folder)) log.warn('a backup that was being restored is in its place now')
  // Where a killed server was, nobody is now, or somebody else.
  await rm(folder.address, { force: true })
  const { nightjarDb: nightjar, clipsDb: clips } = folder
  const books = (await booksIn(folder)).length
  const { db, ...storage } = openDatabase({ folder: folder.root, nightjar, clips, books })
  closing.defer(() => db.destroy())
  const pool = new SpeakerPool({
    size: settings.NIGHTJAR_SPEAKERS,
    module: options.speaker ?? new URL('speech/speaker.ts', import.meta.url),
    environment: speakerEnvironment(),
    onReady: (pid) => log.debug({ pid }, 'a speaker is ready'),
    onDeath: (pid, reason) => log.warn({ pid, reason }, 'a speaker ended and is replaced'),
    ...(options.timeout && { timeout: options.timeout }),
    ...(options.startTimeout !== undefined && { startTimeout: options.startTimeout }),
  })
  closing.defer(() => pool.stop())
  const studio = await openStudio(settings, { ...options, db, folder, pool, log }, closing)
  const watch = new StorageWatch(studio, storage)
  await recover(studio)
  closing.use(emptyTrashDaily(folder, (err) => log.error({ err }, 'the trash could not be emptied')))
  studio.installer.work()
  if (options.work !== false) studio.recorder.work()
  const besides = new AbortController()
  const meeting = meetEngines(studio, besides.signal)
  const looking = watch
    .work()
    .then(() => lookThrough(studio, besides.signal))
    .then(() => writeMissingCards(studio, besides.signal))
  closing.defer(async () => {
    besides.abort()
    await watch.stop()
    await Promise.all([looking, meeting])
  })
  const audiobookshelf = new AudiobookshelfWriter(studio, shelfRoot(settings.NIGHTJAR_AUDIOBOOKSHELF))
  closing.defer(() => audiobookshelf.stop())
  if (options.work !== false) audiobookshelf.work()
  const app = await buildServer(studio, {
    version,
    uploadLimit: settings.NIGHTJAR_UPLOAD_LIMIT * 1024 * 1024,
    page: builtPage(log),
    behindProxy: settings.NIGHTJAR_BEHIND_PROXY === 'yes',
    names: new OwnNames(settings.HOST, settings.NIGHTJAR_HOSTS),
    base: settings.NIGHTJAR_BASE,
    audiobookshelf,
    bodyPatience: options.bodyPatience,
  })
  closing.defer(() => app.close())
  const address = await listen(app, settings)
  closing.use(await publishAddress(folder, address))
  const opened = closing.move()
  return { address, studio, ready: meeting, stop: () => opened.disposeAsync() }
}

async function openStudio(
  settings: Settings,
  { db, folder, pool, log, work = true, ...options }: Opened,
  closing: AsyncDisposableStack,
): Promise<Studio> {
  const voices = new Voices({ db, folder, engines: await knownEngines(db), pauses: pausesOf(settings) })
  await voices.reload()
  const [announcer, agenda, heads] = [new Announcer(), new Agenda(db), new PlayHeads()]
  const servers = new ServerLanes({
    db,
    pool,
    onChange: (name) => announcer.tell({ kind: 'speech-server', id: name }),
  })
  const lanes = new Lanes(voices, pool, (known) => servers.of(known))
  const book = new TallyBook(db)
  const problems = new Problems()
  const room = new Room(folder, (trouble) => {
    if (trouble)
      log.warn({ reason: trouble.message }, 'what is made cannot be kept: the work waits until it can')
    else log.info('what is made can be kept again')
    const goneOn = trouble ? dispatcher.fill() : dispatcher.refresh()
    goneOn.catch((error: unknown) => log.error({ err: error }, 'the work could not go on'))
    recorder.work()
  })
  const writer = new ClipWriter(book, { onTrouble: (error) => room.noteWrites(error) })
  const dispatcher: Dispatcher = new Dispatcher({
    db,
    lanes,
    voices,
    agenda,
    book,
    writer,
    heads,
    announcer,
    log,
    halted: () => !work || room.blocked || problems.halting !== undefined,
    onTrouble: (error) => room.noteWork(error),
  })
  const unknownBooks = new Set<string>()
  const deletions = new Deletions({ db, book, log, booksAreMissing: () => unknownBooks.size > 0 })
  closing.defer(() => deletions.stop())
  const shelf = new RecordingShelf({
    db,
    log,
    discard: (key) => discardRecording(folder, key),
    limit: settings.NIGHTJAR_RECORDINGS_LIMIT * 1_000_000,
  })
  const recorder: Recorder = new Recorder({
    db,
    log,
    shelf,
    record: recordChapter(db, folder),
    sizeOf: (key) => recordingSize(folder, key),
    loseClip: (key) => loseClip(studio, key),
    // While somebody is being spoken to, one beside it.
    places: () => (pool.busy === 0 && dispatcher.segmentsInHand().length === 0 ? pool.size : 1),
    // Whoever asks for a recording gets it, from a server that otherwise only answers, too.
    halted: () => room.blocked || problems.halting !== undefined,
    hasRoom: async (bytes) => (await freeBytes(folder)) > bytes + reserveBytes,
  })
  await room.look()
  closing.defer(async () => {
    room.stop()
    await recorder.stop()
    await shelf.stop()
    const handedBack = dispatcher.stop()
    servers.stop()
    await pool.stop()
    await writer.stop()
    await handedBack
  })
  const catalogue = options.catalogue ?? (await readCatalogue())
  const source = voiceSource(settings.NIGHTJAR_VOICE_SOURCE)
  const installer = new VoiceInstaller({
    db,
    catalogue,
    announcer,
    log,
    fetchVoice: fetchAndProve({ db, folder }, source, () => voicesChanged(studio)),
    discard: (installId) => discardDownload(folder, installId),
    isInstalled: (id) => voices.installed(id) !== undefined,
  })
  closing.defer(() => installer.stop())
  const studio: Studio = {
    db,
    folder,
    pool,
    voices,
    lanes,
    servers,
    catalogue,
    voiceSource: source,
    installer,
    book,
    agenda,
    dispatcher,
    deletions,
    heads,
    recorder,
    recordings: shelf,
    room,
    announcer,
    log,
    requests: new Turns(),
    problems,
    unknownBooks,
  }
  return studio
}

/** What nobody waits for: unknown books are taken up again, and then lost clips are asked for. */
async function lookThrough(studio: Studio, signal: AbortSignal): Promise<void> {
  try {
    await takeUpBooks(studio, signal)
    studio.deletions.work()
    await auditFinished(studio, signal)
  } catch (error) {
    if (!signal.aborted) studio.log.error({ err: error }, 'the look through the clips was cut short')
  }
}

function builtPage(log: Logger): string | undefined {
  const folder = fileURLToPath(new URL('../dist/web', import.meta.url))
  if (existsSync(join(folder, 'index.html'))) return folder
  log.warn('the page is not built, only the API is served; "npm start" builds it')
  return undefined
}
