import { join } from 'node:path'
import { saveShelfPath, shelfPathOf } from '../database/audiobookshelf.ts'
import { isFull } from '../database/sqlite-errors.ts'
import { generationById } from '../database/generations.ts'
import { novelById, novelFiles, type NovelRow } from '../database/novels.ts'
import type { Studio } from '../generation/studio.ts'
import { Turns } from '../generation/turns.ts'
import {
  findPlace,
  readMarker,
  removeBook,
  requireRoot,
  shelfFailure,
  sweepShelf,
  writeBook,
} from '../library/audiobookshelf-folder.ts'
import { Failure } from '../novel/failure.ts'
import { type ShelfBook, shelfBook, shelfBytes, shelfFiles } from './audiobookshelf-book.ts'

export interface ShelfState {
  readonly state: 'off' | 'waiting' | 'written' | 'failed'
  /** Where the book lies. */
  readonly path?: string
  /** What it waits for, or what went wrong. */
  readonly message?: string
}

/** A book that found no room is tried again after so long, then after twice as long each time. */
const [firstPauseMs, longestPauseMs] = [5000, 300_000]
/** Where there is no folder, it is looked for again and again: a drive is plugged in by somebody who waits for it. */
const lookForFolderMs = 3000

/**
 * Writes novels into audiobookshelf's folder as soon as all their narrated chapters are spoken, one after the other,
 * beside everything else. What lies there is the only truth of what is written, so a crash costs at most the book that
 * was under way: the next start takes it up again, and tries what had failed. What found no room or no folder, or was not
 * let in, is tried before, too.
 */
export class AudiobookshelfWriter {
  readonly #studio: Studio
  readonly #root: string | undefined
  readonly #turns = new Turns()
  readonly #stopping = new AbortController()
  /** By novel: why it could not be written. */
  readonly #failed = new Map<string, Failure>()
  #hearing: Disposable | undefined
  #timer: NodeJS.Timeout | undefined
  #pauseMs = firstPauseMs

  /** `root`: left out, nothing is ever written. */
  constructor(studio: Studio, root: string | undefined) {
    this.#studio = studio
    this.#root = root
  }

  /** Looks at all novels, and from then on at each that something was finished of. */
  work(): void {
    const root = this.#root
    if (root === undefined) return
    const { db, log, announcer } = this.#studio
    this.#later(async () => {
      const removed = await sweepShelf(root)
      if (removed.length > 0) log.info({ removed }, 'books that a crash left half written were removed')
      for (const { id } of await novelFiles(db)) this.#later(() => this.#look(root, id))
    })
    this.#hearing = announcer.hear((news) => {
      if (news.kind !== 'generation') return
      this.#later(async () => {
        const generation = await generationById(db, news.id)
        if (generation) await this.#look(root, generation.novelId)
      })
    })
  }

  async stateOf(novel: NovelRow): Promise<ShelfState> {
    const root = this.#root
    if (root === undefined) return { state: 'off' }
    const failure = this.#failed.get(novel.id)
    if (failure) return { state: isWaiting(failure) ? 'waiting' : 'failed', message: failure.message }
    const { db } = this.#studio
    const book = await shelfBook(this.#studio, novel)
    const path = await shelfPathOf(db, novel.id)
    const written = path === undefined ? undefined : await readMarker(root, path).catch(() => undefined)
    const own = written !== undefined && written !== 'foreign' && written.novelId === novel.id
    const lies = own && path !== undefined ? { path: join(root, path) } : {}
    if (own && written.fingerprint === book.fingerprint) return { state: 'written', ...lies }
    const { spoken, chapters } = book
    const waits = isWhole(book)
      ? 'It is about to be written.'
      : `${spoken} of ${chapters.length} chapters are spoken.`
    return { state: 'waiting', ...lies, message: waits }
  }

  /** Drops the book under way; the next start takes it up. */
  async stop(): Promise<void> {
    this.#hearing?.[Symbol.dispose]()
    clearTimeout(this.#timer)
    this.#stopping.abort(new Failure('server.stopping'))
    await this.#turns.take(async () => undefined)
  }

  #later(work: () => Promise<void>): void {
    const { signal } = this.#stopping
    this.#turns
      .take(async () => (signal.aborted ? undefined : work()))
      .catch((error: unknown) => {
        if (!signal.aborted)
          this.#studio.log.error({ err: error }, 'audiobookshelf could not be looked after')
      })
  }

  async #look(root: string, novelId: string): Promise<void> {
    const { db, log } = this.#studio
    const novel = await novelById(db, novelId)
    if (!novel) return void this.#failed.delete(novelId)
    try {
      const book = await shelfBook(this.#studio, novel)
      if (isWhole(book)) await this.#bring(root, book)
      this.#failed.delete(novelId)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const failure = failureOf(error, root)
      this.#failed.set(novelId, failure)
      log.error({ novelId, err: error }, `a book was not brought to audiobookshelf: ${failure.message}`)
      if (mayPass(failure)) this.#lookAgain(root, failure.code === 'audiobookshelf.missing')
    }
  }

  /** Looks later at all that could not be brought, as soon as there is a folder. */
  #lookAgain(root: string, missing: boolean): void {
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
        return this.#lookAgain(root, true)
      for (const [novelId, failure] of this.#failed) {
        if (mayPass(failure)) this.#later(() => this.#look(root, novelId))
      }
    }
    this.#timer = setTimeout(() => this.#later(look), missing ? lookForFolderMs : this.#pauseMs)
    if (!missing) this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
  }

  async #bring(root: string, book: ShelfBook): Promise<void> {
    const { db, log } = this.#studio
    const { novel, place, fingerprint } = book
    const path = await findPlace(root, place, novel.id)
    const there = await readMarker(root, path)
    if (there === undefined || there === 'foreign' || there.fingerprint !== fingerprint) {
      const what = { novelId: novel.id, fingerprint, path }
      const content = { files: shelfFiles(this.#studio, book), bytes: shelfBytes(book) }
      await writeBook(root, what, content, this.#stopping.signal)
      this.#pauseMs = firstPauseMs
      log.info({ novelId: novel.id, path }, 'a book was brought to audiobookshelf')
    }
    const before = await shelfPathOf(db, novel.id)
    if (before === path) return
    if (before !== undefined) await removeBook(root, before, novel.id)
    // It may have been deleted meanwhile; its book is the listener's then.
    if (await novelById(db, novel.id)) await saveShelfPath(db, novel.id, path)
  }
}

function failureOf(error: unknown, root: string): Failure {
  const told = shelfFailure(error, root)
  if (told instanceof Failure) return told
  return new Failure(isFull(error) ? 'storage.full' : 'server.broken')
}

/** What somebody makes room or a folder for. */
function isWaiting({ code }: Failure): boolean {
  return ['audiobookshelf.full', 'storage.full', 'audiobookshelf.missing'].includes(code)
}

function mayPass(failure: Failure): boolean {
  return isWaiting(failure) || failure.code === 'audiobookshelf.unwritable'
}

function isWhole({ spoken, chapters }: ShelfBook): boolean {
  return chapters.length > 0 && spoken === chapters.length
}
