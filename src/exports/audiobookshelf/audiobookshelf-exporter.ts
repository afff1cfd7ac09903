import { join } from 'node:path'
import { saveAudiobookshelfPath, audiobookshelfPathOf } from '../../storage/queries/export-queries.ts'
import { isFull } from '../../storage/sqlite/sqlite-errors.ts'
import { generationById } from '../../storage/queries/generation-queries.ts'
import { novelById, novelFiles, type NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../../jobs/application.ts'
import { Mutex } from '../../jobs/concurrency.ts'
import {
  findPlace,
  readMarker,
  removeBook,
  requireRoot,
  audiobookshelfFailure,
  sweepAudiobookshelf,
  writeBook,
} from './audiobookshelf-folder.ts'
import { Failure } from '../../novel/failure.ts'
import {
  type AudiobookshelfBook,
  audiobookshelfBook,
  audiobookshelfBytes,
  audiobookshelfFiles,
} from './audiobookshelf-book.ts'

export interface AudiobookshelfState {
  readonly state: 'off' | 'waiting' | 'written' | 'failed'
  /** Where the book lies. */
  readonly path?: string
  /** What it waits for, or what went wrong. */
  readonly message?: string
}

/** A book that found no room is tried again after so long, then after twice as long each time. */
const [minRetryDelayMs, maxRetryDelayMs] = [5000, 300_000]
/** Where there is no folder, it is looked for again and again: a drive is plugged in by somebody who waits for it. */
const folderPollMs = 3000

/**
 * Writes novels into audiobookshelf's folder as soon as all their narrated chapters are spoken, one after the other,
 * beside everything else. What lies there is the only truth of what is written, so a crash costs at most the book that
 * was under way: the next start takes it up again, and tries what had failed. What found no room or no folder, or was not
 * let in, is tried before, too.
 */
export class AudiobookshelfExporter {
  readonly #application: Application
  readonly #root: string | undefined
  readonly #mutex = new Mutex()
  readonly #stopping = new AbortController()
  /** By novel: why it could not be written. */
  readonly #failures = new Map<string, Failure>()
  #subscription: Disposable | undefined
  #timer: NodeJS.Timeout | undefined
  #retryDelayMs = minRetryDelayMs

  /** `root`: left out, nothing is ever written. */
  constructor(application: Application, root: string | undefined) {
    this.#application = application
    this.#root = root
  }

  /** Looks at all novels, and from then on at each that something was finished of. */
  start(): void {
    const root = this.#root
    if (root === undefined) return
    const { db, log, eventBus } = this.#application
    this.#enqueue(async () => {
      const removed = await sweepAudiobookshelf(root)
      if (removed.length > 0) log.info({ removed }, 'books that a crash left half written were removed')
      for (const { id } of await novelFiles(db)) this.#enqueue(() => this.#exportIfComplete(root, id))
    })
    this.#subscription = eventBus.subscribe((event) => {
      if (event.kind !== 'generation') return
      this.#enqueue(async () => {
        const generation = await generationById(db, event.id)
        if (generation) await this.#exportIfComplete(root, generation.novelId)
      })
    })
  }

  async stateOf(novel: NovelRow): Promise<AudiobookshelfState> {
    const root = this.#root
    if (root === undefined) return { state: 'off' }
    const failure = this.#failures.get(novel.id)
    if (failure) return { state: needsUserAction(failure) ? 'waiting' : 'failed', message: failure.message }
    const { db } = this.#application
    const book = await audiobookshelfBook(this.#application, novel)
    const path = await audiobookshelfPathOf(db, novel.id)
    const written = path === undefined ? undefined : await readMarker(root, path).catch(() => undefined)
    const own = written !== undefined && written !== 'foreign' && written.novelId === novel.id
    const lies = own && path !== undefined ? { path: join(root, path) } : {}
    if (own && written.fingerprint === book.fingerprint) return { state: 'written', ...lies }
    const { chaptersComplete, chapters } = book
    const waits = isFullySpoken(book)
      ? 'It is about to be written.'
      : `${chaptersComplete} of ${chapters.length} chapters are spoken.`
    return { state: 'waiting', ...lies, message: waits }
  }

  /** Drops the book under way; the next start takes it up. */
  async stop(): Promise<void> {
    this.#subscription?.[Symbol.dispose]()
    clearTimeout(this.#timer)
    this.#stopping.abort(new Failure('server.stopping'))
    await this.#mutex.run(async () => undefined)
  }

  #enqueue(work: () => Promise<void>): void {
    const { signal } = this.#stopping
    this.#mutex
      .run(async () => (signal.aborted ? undefined : work()))
      .catch((error: unknown) => {
        if (!signal.aborted)
          this.#application.log.error({ err: error }, 'audiobookshelf could not be looked after')
      })
  }

  async #exportIfComplete(root: string, novelId: string): Promise<void> {
    const { db, log } = this.#application
    const novel = await novelById(db, novelId)
    if (!novel) return void this.#failures.delete(novelId)
    try {
      const book = await audiobookshelfBook(this.#application, novel)
      if (isFullySpoken(book)) await this.#export(root, book)
      this.#failures.delete(novelId)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const failure = toFailure(error, root)
      this.#failures.set(novelId, failure)
      log.error({ novelId, err: error }, `a book was not brought to audiobookshelf: ${failure.message}`)
      if (isTransient(failure)) this.#scheduleRetry(root, failure.code === 'audiobookshelf.missing')
    }
  }

  /** Looks later at all that could not be brought, as soon as there is a folder. */
  #scheduleRetry(root: string, missing: boolean): void {
    if (this.#timer) return
    const look = async () => {
      this.#timer = undefined
      if (
        missing &&
        !(await requireRoot(root).then(
          () => true,
          () => false,
        ))
      )
        return this.#scheduleRetry(root, true)
      for (const [novelId, failure] of this.#failures) {
        if (isTransient(failure)) this.#enqueue(() => this.#exportIfComplete(root, novelId))
      }
    }
    this.#timer = setTimeout(() => this.#enqueue(look), missing ? folderPollMs : this.#retryDelayMs)
    if (!missing) this.#retryDelayMs = Math.min(2 * this.#retryDelayMs, maxRetryDelayMs)
  }

  async #export(root: string, book: AudiobookshelfBook): Promise<void> {
    const { db, log } = this.#application
    const { novel, place, fingerprint } = book
    const path = await findPlace(root, place, novel.id)
    const there = await readMarker(root, path)
    if (there === undefined || there === 'foreign' || there.fingerprint !== fingerprint) {
      const what = { novelId: novel.id, fingerprint, path }
      const content = {
        files: audiobookshelfFiles(this.#application, book),
        bytes: audiobookshelfBytes(book),
      }
      await writeBook(root, what, content, this.#stopping.signal)
      this.#retryDelayMs = minRetryDelayMs
      log.info({ novelId: novel.id, path }, 'a book was brought to audiobookshelf')
    }
    const before = await audiobookshelfPathOf(db, novel.id)
    if (before === path) return
    if (before !== undefined) await removeBook(root, before, novel.id)
    // It may have been deleted meanwhile; its book is the listener's then.
    if (await novelById(db, novel.id)) await saveAudiobookshelfPath(db, novel.id, path)
  }
}

function toFailure(error: unknown, root: string): Failure {
  const failure = audiobookshelfFailure(error, root)
  if (failure instanceof Failure) return failure
  return new Failure(isFull(error) ? 'storage.full' : 'server.broken')
}

/** What somebody makes room or a folder for. */
function needsUserAction({ code }: Failure): boolean {
  return ['audiobookshelf.full', 'storage.full', 'audiobookshelf.missing'].includes(code)
}

function isTransient(failure: Failure): boolean {
  return needsUserAction(failure) || failure.code === 'audiobookshelf.unwritable'
}

function isFullySpoken({ chaptersComplete, chapters }: AudiobookshelfBook): boolean {
  return chapters.length > 0 && chaptersComplete === chapters.length
}
