import { join } from 'node:path'
import { Mutex } from '../../jobs/concurrency.ts'
import { Failure } from '../../novel/failure.ts'
import { audiobookshelfPathOf, saveAudiobookshelfPath } from '../../storage/queries/export-queries.ts'
import { generationById } from '../../storage/queries/generation-queries.ts'
import { novelById, novelFiles, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { type Lock, withLock } from '../../storage/lock.ts'
import { isFull } from '../../storage/storage-errors.ts'
import {
  type AudiobookshelfBook,
  audiobookshelfBook,
  audiobookshelfBytes,
  audiobookshelfFiles,
  type AudiobookshelfSources,
} from './audiobookshelf-book.ts'
import {
  audiobookshelfFailure,
  findPlace,
  readMarker,
  removeBook,
  requireRoot,
  sweepAudiobookshelf,
  writeBook,
} from './audiobookshelf-folder.ts'

export interface AudiobookshelfState {
  readonly state: 'off' | 'waiting' | 'written' | 'failed'
  /** Absolute path of the book's folder. */
  readonly path?: string
  /** What the export waits for, or why it failed. */
  readonly message?: string
}

interface ExporterParts extends AudiobookshelfSources {
  /** Of all servers. */
  readonly lock: Lock
}

/** Back-off for a book that did not fit: the delay doubles with each attempt. */
const [minRetryDelayMs, maxRetryDelayMs] = [5000, 300_000]
/** A missing folder is polled at a constant rate, because a user who plugs in a drive waits for the export. */
const folderPollMs = 3000
/** After a change of another server. */
const lookMs = 3000

/**
 * Writes novels into audiobookshelf's folder in the background, one at a time, as soon as all their narrated chapters
 * are spoken. The folder itself is the record of what was written, so a crash costs at most the book being written: the
 * next start exports it again and retries failures. Full disks, missing folders and denied access are retried meanwhile.
 */
export class AudiobookshelfExporter {
  readonly #context: ExporterParts
  readonly #root: string | undefined
  readonly #mutex = new Mutex()
  readonly #stopping = new AbortController()
  /** By novel id: why the last export failed. */
  readonly #failures = new Map<string, Failure>()
  /** Ids of generations that other servers have changed. */
  readonly #changedElsewhere = new Set<string>()
  #subscription: Disposable | undefined
  #lookTimer: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined
  #retryDelayMs = minRetryDelayMs

  /** `root`: audiobookshelf's folder; `undefined`: the export is off. */
  constructor(context: ExporterParts, root: string | undefined) {
    this.#context = context
    this.#root = root
  }

  /** Exports all complete novels, then subscribes to generation events. */
  start(): void {
    const root = this.#root
    if (root === undefined) return
    const { db, log, eventBus } = this.#context
    this.#enqueue(async () => {
      const removed = await this.#alone(() => sweepAudiobookshelf(root))
      if (removed.length > 0) log.info({ removed }, 'removed temporary folders of an interrupted export')
      for (const { id } of await novelFiles(db)) this.#enqueue(() => this.#exportIfComplete(root, id))
    })
    this.#subscription = eventBus.subscribe((event, remote) => {
      if (event.kind !== 'generation') return
      if (remote) this.#lookLater(root, event.id)
      else this.#enqueue(() => this.#exportGeneration(root, event.id))
    })
  }

  async stateOf(novel: NovelRow): Promise<AudiobookshelfState> {
    const root = this.#root
    if (root === undefined || novel.keeper !== null) return { state: 'off' }
    const failure = this.#failures.get(novel.id)
    if (failure) return { state: needsUserAction(failure) ? 'waiting' : 'failed', message: failure.message }
    const { db } = this.#context
    const book = await audiobookshelfBook(this.#context, novel)
    const path = await audiobookshelfPathOf(db, novel.id)
    const written = path === undefined ? undefined : await readMarker(root, path).catch(() => undefined)
    const own = written !== undefined && written !== 'foreign' && written.novelId === novel.id
    const location = own && path !== undefined ? { path: join(root, path) } : {}
    if (own && written.fingerprint === book.fingerprint) return { state: 'written', ...location }
    const { chaptersComplete, chapters } = book
    const message = isFullySpoken(book)
      ? 'It is about to be written.'
      : `${chaptersComplete} of ${chapters.length} chapters are spoken.`
    return { state: 'waiting', ...location, message }
  }

  /** Aborts the export under way; the next start repeats it. */
  async stop(): Promise<void> {
    this.#subscription?.[Symbol.dispose]()
    clearTimeout(this.#timer)
    clearTimeout(this.#lookTimer)
    this.#stopping.abort(new Failure('server.stopping'))
    await this.#mutex.run(async () => undefined)
  }

  #enqueue(work: () => Promise<void>): void {
    const { signal } = this.#stopping
    this.#mutex
      .run(async () => (signal.aborted ? undefined : work()))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#context.log.error({ err: error }, 'an audiobookshelf export task failed')
      })
  }

  /**
   * What another server has completed it usually writes itself, unless it died or has no such folder; and counts follow
   * its writes within two seconds.
   */
  #lookLater(root: string, generationId: string): void {
    this.#changedElsewhere.add(generationId)
    this.#lookTimer ??= setTimeout(() => {
      this.#lookTimer = undefined
      const ids = [...this.#changedElsewhere]
      this.#changedElsewhere.clear()
      for (const id of ids) this.#enqueue(() => this.#exportGeneration(root, id))
    }, lookMs)
  }

  async #exportGeneration(root: string, id: string): Promise<void> {
    const generation = await generationById(this.#context.db, id)
    if (generation) await this.#exportIfComplete(root, generation.novelId)
  }

  async #exportIfComplete(root: string, novelId: string): Promise<void> {
    const { db, log } = this.#context
    const novel = await novelById(db, novelId)
    // What somebody keeps to themselves is written where others find it by no export.
    if (!novel || novel.keeper !== null) return void this.#failures.delete(novelId)
    try {
      const book = await audiobookshelfBook(this.#context, novel)
      if (isFullySpoken(book)) await this.#alone((signal) => this.#export(root, book, signal))
      this.#failures.delete(novelId)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const failure = toFailure(error, root)
      this.#failures.set(novelId, failure)
      log.error({ novelId, err: error }, `exporting a book to audiobookshelf failed: ${failure.message}`)
      if (isTransient(failure)) this.#scheduleRetry(root, failure.code === 'audiobookshelf.missing')
    }
  }

  /** Retries the transient failures after a delay, or as soon as the missing folder exists. */
  #scheduleRetry(root: string, missing: boolean): void {
    if (this.#timer) return
    const retry = async () => {
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
    this.#timer = setTimeout(() => this.#enqueue(retry), missing ? folderPollMs : this.#retryDelayMs)
    if (!missing) this.#retryDelayMs = Math.min(2 * this.#retryDelayMs, maxRetryDelayMs)
  }

  /** Of all servers that write into the folder, one at a time: the others find what it wrote. */
  #alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withLock(this.#context.lock, 'audiobookshelf', work, this.#stopping.signal)
  }

  async #export(root: string, book: AudiobookshelfBook, signal: AbortSignal): Promise<void> {
    const { db, log } = this.#context
    const { novel, place, fingerprint } = book
    const path = await findPlace(root, place, novel.id)
    const existing = await readMarker(root, path)
    if (existing === undefined || existing === 'foreign' || existing.fingerprint !== fingerprint) {
      const marker = { novelId: novel.id, fingerprint, path }
      const content = {
        files: audiobookshelfFiles(this.#context, book),
        bytes: audiobookshelfBytes(book),
      }
      await writeBook(root, marker, content, signal)
      this.#retryDelayMs = minRetryDelayMs
      log.info({ novelId: novel.id, path }, 'exported a book to audiobookshelf')
    }
    const previousPath = await audiobookshelfPathOf(db, novel.id)
    if (previousPath === path) return
    if (previousPath !== undefined) await removeBook(root, previousPath, novel.id)
    // The novel may have been deleted meanwhile; its exported book stays.
    if (await novelById(db, novel.id)) await saveAudiobookshelfPath(db, novel.id, path)
  }
}

function toFailure(error: unknown, root: string): Failure {
  const failure = audiobookshelfFailure(error, root)
  if (failure instanceof Failure) return failure
  return new Failure(isFull(error) ? 'storage.full' : 'server.broken')
}

/** Whether the user has to free space or provide the folder. */
function needsUserAction({ code }: Failure): boolean {
  return ['audiobookshelf.full', 'storage.full', 'audiobookshelf.missing'].includes(code)
}

function isTransient(failure: Failure): boolean {
  return needsUserAction(failure) || failure.code === 'audiobookshelf.unwritable'
}

function isFullySpoken({ chaptersComplete, chapters }: AudiobookshelfBook): boolean {
  return chapters.length > 0 && chaptersComplete === chapters.length
}
