import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import type { InboxSpeaking } from '../../novel/inbox-state.ts'
import { withLock } from '../../storage/lock.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import {
  inboxFiles,
  type InboxFile,
  inboxNovelOf,
  saveInboxFile,
} from '../../storage/queries/inbox-queries.ts'
import { setSpeakNew } from '../../storage/queries/novel-version-queries.ts'
import type { Application } from '../application.ts'
import { doneOrLate } from '../concurrency.ts'
import { type GenerationParts, requestGeneration } from '../generations/generation-requests.ts'
import { type ImportedNovel, importNovel } from '../import/novel-commands.ts'
import type { TrashParts } from '../import/novel-trash.ts'
import { settleImport } from '../import/settle-import.ts'
import { readCalibreBook } from './calibre-metadata.ts'
import type { FoundBook, FoundFile } from './inbox-books.ts'
import { copyFound } from './inbox-file.ts'
import { scanBooks } from './inbox-scan.ts'

type InboxParts = GenerationParts & TrashParts & Pick<Application, 'folder' | 'lexicons' | 'lock' | 'objects'>

export interface InboxOptions {
  readonly root: string
  readonly speak: InboxSpeaking
  /** Milliseconds between two looks. */
  readonly everyMs: number
  readonly uploadLimit: number
}

type KnownFiles = Awaited<ReturnType<typeof inboxFiles>>

/** Looking takes at most this share of the time, however large the folder or slow the network. */
const shareOfTime = 0.1

/**
 * Imports what is put into a folder, and has it spoken if that is wished. A file is complete when two looks find it the same.
 * The folder is looked at and never listened to, as systems tell nothing of network folders, and nothing in it is changed.
 * Of several servers that share a database one looks.
 */
export class Inbox implements AsyncDisposable {
  readonly #parts: InboxParts
  readonly #options: InboxOptions
  readonly #stopping = new AbortController()
  #working: Promise<void> | undefined
  #wake: (() => void) | undefined
  /** By path, of files that are not known: what the last look has found. */
  #seen = new Map<string, FoundFile>()
  #waiting: readonly string[] = []
  /** Milliseconds of the present look that went into imports. */
  #takingMs = 0
  #problem: string | undefined

  constructor(parts: InboxParts, options: InboxOptions) {
    this.#parts = parts
    this.#options = options
  }

  get root(): string {
    return this.#options.root
  }

  get speak(): InboxSpeaking {
    return this.#options.speak
  }

  /** Paths of files that are not complete, as far as this server knows. */
  get waiting(): readonly string[] {
    return this.#waiting
  }

  /** Why the folder cannot be read. */
  get problem(): string | undefined {
    return this.#problem
  }

  start(): void {
    this.#working ??= this.#work()
  }

  /** Looks now. */
  wake(): void {
    this.#wake?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    const { lock, log } = this.#parts
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await withLock(lock, 'inbox', (held) => this.#watch(held), signal)
      } catch (err) {
        if (!signal.aborted) log.warn({ err }, 'another server may watch the inbox by now')
      }
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = performance.now()
      this.#takingMs = 0
      try {
        await this.#look(signal)
        this.#problem = undefined
      } catch (error) {
        if (signal.aborted) return
        const { message } = error as Error
        if (message !== this.#problem) this.#parts.log.warn({ err: error }, 'the inbox could not be read')
        this.#problem = message
      }
      // The time of imports is no reason to look more rarely.
      const lookedMs = performance.now() - began - this.#takingMs
      const rest = Math.max(this.#options.everyMs, lookedMs / shareOfTime)
      await doneOrLate(new Promise<void>((resolve) => (this.#wake = resolve)), rest, signal)
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { db, log } = this.#parts
    const root = await realpath(this.#options.root)
    const known = await inboxFiles(db)
    const takenBooks = new Set<string>()
    for (const { book, state } of known.values()) if (state === 'imported') takenBooks.add(book)
    const seen = new Map<string, FoundFile>()
    const waiting: string[] = []
    const onTrouble = (path: string, err: unknown): void =>
      log.debug({ err, path }, 'a folder of the inbox cannot be read')
    for await (const book of scanBooks(root, signal, onTrouble)) {
      // Of a book of Calibre that was taken, another format is no other book.
      const taken = book.files.find(({ path }) => known.get(path)?.state === 'imported')
      if (!taken && book.hasOpf && takenBooks.has(book.key)) continue
      const files = taken ? [taken] : book.files
      const missing = await this.#takeOne(root, { ...book, files }, known, seen, signal)
      if (missing !== undefined) waiting.push(missing)
    }
    this.#seen = seen
    this.#waiting = waiting
  }

  /** Imports the first of a book's files that can be read. Returns the path of one that is not complete. */
  async #takeOne(
    root: string,
    book: FoundBook,
    known: KnownFiles,
    seen: Map<string, FoundFile>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    for (const file of book.files) {
      const before = known.get(file.path)
      if (before?.size === file.size && before.mtimeMs === file.mtimeMs) {
        if (before.state === 'imported') return undefined
        continue
      }
      seen.set(file.path, file)
      const last = this.#seen.get(file.path)
      if (file.size === 0 || last?.size !== file.size || last.mtimeMs !== file.mtimeMs) return file.path
      const taking = performance.now()
      const outcome = await this.#take(root, book, file, signal)
      this.#takingMs += performance.now() - taking
      if (outcome === undefined) return file.path
      await saveInboxFile(this.#parts.db, outcome)
      if (outcome.state === 'imported') return undefined
    }
    return undefined
  }

  /** `undefined`: the file is not complete. */
  async #take(
    root: string,
    book: FoundBook,
    file: FoundFile,
    signal: AbortSignal,
  ): Promise<InboxFile | undefined> {
    const { db, folder, log } = this.#parts
    const row = { ...file, book: book.key, sha256: null, novelId: null, failure: null }
    const { uploadLimit } = this.#options
    if (file.size > uploadLimit) {
      const limit = `${Math.round(uploadLimit / 1024 / 1024)} MB`
      return { ...row, state: 'refused', failure: stored(new Failure('request.too-large', { limit })) }
    }
    await using copy = await copyFound(root, file, folder, signal)
    if (!copy) return undefined
    const { sha256 } = copy
    const before = await inboxNovelOf(db, sha256)
    if (before) return { ...row, ...before, sha256, state: 'imported' }
    try {
      // Calibre's title, authors, series and cover are those that somebody chose.
      const known = book.hasOpf ? await readCalibreBook(join(root, dirname(file.path))) : {}
      const imported = await importNovel(this.#parts, copy, basename(file.path), signal, {
        amend: (head) => ({ ...head, ...known }),
      })
      await settleImport(this.#parts, imported)
      const { id: novelId } = imported.novel
      log.info({ path: file.path, novelId, added: imported.added }, 'a book of the inbox was imported')
      return { ...row, sha256, novelId, state: 'imported', failure: await this.#speak(imported) }
    } catch (error) {
      if (!(error instanceof Failure) || !error.code.startsWith('novel.')) throw error
      log.info({ path: file.path, reason: error.message }, 'a file of the inbox cannot be read')
      return { ...row, sha256, state: 'refused', failure: stored(error) }
    }
  }

  /**
   * Asks for what is to be spoken by itself. Of another version of a novel that is what it adds, once somebody takes it over:
   * until then the novel stays what it is. Returns why that cannot be.
   */
  async #speak({ novel: { id: novelId }, version }: ImportedNovel): Promise<InboxFile['failure']> {
    const { speak } = this.#options
    if (speak === 'no') return null
    if (version) {
      if (speak === 'all') await setSpeakNew(this.#parts.db, novelId, true)
      return null
    }
    try {
      const chapters = speak === 'all' ? undefined : await this.#first(novelId, speak)
      await requestGeneration(this.#parts, { novelId, ...(chapters && { chapterNumbers: chapters }) })
      return null
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return stored(error)
    }
  }

  async #first(novelId: string, count: number): Promise<number[]> {
    const chapters = await chaptersOf(this.#parts.db, novelId)
    return chapters
      .filter(({ narrated, segmentCount }) => narrated && segmentCount > 0)
      .slice(0, count)
      .map(({ number }) => number)
  }
}

function stored({ code, details }: Failure): InboxFile['failure'] {
  return { code, details }
}
