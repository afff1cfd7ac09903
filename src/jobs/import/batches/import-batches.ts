import { setTimeout as wait } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../../novel/failure.ts'
import type { TemporaryFile } from '../../../storage/local/temporary-files.ts'
import { withLock } from '../../../storage/lock.ts'
import { importKey } from '../../../storage/object-keys.ts'
import {
  beginNextImportFile,
  type BegunImportFile,
  deleteImport,
  type ImportFile,
  importFileById,
  importFileCame,
  importFileIds,
  importsBefore,
  importsBegunBy,
  insertImportFiles,
  keepImported,
  refuseUnsent,
  saveImportOutcome,
  waitAgain,
} from '../../../storage/queries/import-queries.ts'
import { doneOrLate } from '../../concurrency.ts'
import { renewSourceCard } from '../source-card.ts'
import { type BatchParts, outcomeOf } from './import-outcome.ts'

export interface NewImport {
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** Who begins it; `null`: nobody signs in. */
  readonly listener: string | null
  /** They keep its novels to themselves. */
  readonly kept: boolean
}

/** Files that are read at the same time. */
const atOnce = 2
/** Another server may have taken a file in; milliseconds after which it is looked whether one has. */
const lookEveryMs = 5000
/** After a trouble that is not the file's. */
const restMs = 10_000
/** Imports of which nothing changed for so long are forgotten, with files that were refused. */
const dayMs = 24 * 3_600_000
const keptMs = 30 * dayMs

/**
 * Imports in the background: of files that come together each has a row that says what became of it, and its bytes are kept until
 * that is known, so that the work goes on after a crash. Of several servers that share a database one reads them.
 */
export class ImportBatches implements AsyncDisposable {
  readonly #parts: BatchParts
  readonly #uploadLimit: number
  readonly #stopping = new AbortController()
  #working: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(parts: BatchParts, uploadLimit: number) {
    this.#parts = parts
    this.#uploadLimit = uploadLimit
  }

  start(): void {
    this.#working ??= this.#work()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#working
  }

  /** Begins an import of files that are yet to come. Returns its id. */
  async begin({ files, listener, kept }: NewImport): Promise<string> {
    const batch = uuidv7()
    const common = { batch, listener, kept: kept ? 1 : 0, state: 'sending' } as const
    await insertImportFiles(
      this.#parts.db,
      files.map((file) => ({ ...file, ...common, id: uuidv7() })),
    )
    return batch
  }

  /** Takes in the bytes of a file, which are durable when it resolves. Throws `import.unknown`. */
  async receive(batch: string, id: string, file: TemporaryFile): Promise<void> {
    const { db, objects } = this.#parts
    const row = await this.#fileOf(batch, id)
    if (!mayCome(row)) return
    const { bytes } = file
    await objects.putFile(importKey(id), file.path)
    let now: Pick<ImportFile, 'state'> | undefined = row
    // It may be refused in this very moment, and comes anew then.
    while (now && mayCome(now)) {
      if (await importFileCame(db, id, bytes)) return this.wake()
      now = await importFileById(db, id)
    }
    if (now?.state !== 'reading') await objects.delete([importKey(id)])
  }

  /** A file is not taken in, and why is kept. Throws `import.unknown`. */
  async refuse(batch: string, id: string, { code, details }: Failure): Promise<void> {
    await this.#fileOf(batch, id)
    await refuseUnsent(this.#parts.db, id, { code, details })
  }

  async #fileOf(batch: string, id: string): Promise<ImportFile> {
    const row = await importFileById(this.#parts.db, id)
    if (row?.batch !== batch) throw new Failure('import.unknown')
    return row
  }

  /** Forgets an import: what waits is not read, what was imported stays. */
  async forget(batch: string): Promise<void> {
    const { db, objects } = this.#parts
    // Before their rows, so that none is left when it is killed; and what has come since.
    await objects.delete((await importFileIds(db, batch)).map(importKey))
    await objects.delete((await deleteImport(db, batch)).map(importKey))
  }

  /** Has the novels of an import, also those to come, be seen by who has begun it alone, or by all. */
  async keep(batch: string, listener: string, keep: boolean): Promise<void> {
    const { db, eventBus, objects } = this.#parts
    const changed = await keepImported(db, batch, listener, keep)
    for (const id of changed) eventBus.publish({ kind: 'novel', id })
    for (const id of changed) await renewSourceCard({ db, objects }, id)
  }

  /** Forgets all imports that a listener has begun. */
  async forgetOf(listener: string): Promise<void> {
    for (const batch of await importsBegunBy(this.#parts.db, listener)) await this.forget(batch)
  }

  /** Looks for files that wait. */
  wake(): void {
    this.#wake?.()
  }

  async #work(): Promise<void> {
    const { lock, log } = this.#parts
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await withLock(lock, 'imports', (held) => this.#read(held), signal)
      } catch (err) {
        if (signal.aborted) return
        log.warn({ err }, 'imports rest for a moment')
        await wait(restMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { db } = this.#parts
    await waitAgain(db)
    let forgottenAt = -Infinity
    const running = new Set<Promise<void>>()
    const ending = new AbortController()
    const stopped = AbortSignal.any([signal, ending.signal])
    try {
      while (!signal.aborted) {
        if (Date.now() - forgottenAt >= dayMs) {
          forgottenAt = Date.now()
          await this.#forgetBefore(forgottenAt - keptMs)
        }
        const woken = new Promise<void>((resolve) => (this.#wake = resolve))
        const next = running.size < atOnce ? await beginNextImportFile(db) : undefined
        if (next) {
          const work = this.#take(next, stopped).finally(() => running.delete(work))
          running.add(work)
          // Its failure ends the loop below.
          work.catch(() => undefined)
        } else {
          // Until a file may wait or one is done; throws what reading one has thrown.
          await doneOrLate(Promise.race([woken, ...running]), lookEveryMs, signal)
        }
      }
    } finally {
      ending.abort()
      await Promise.allSettled(running)
    }
  }

  async #forgetBefore(time: number): Promise<void> {
    for (const batch of await importsBefore(this.#parts.db, new Date(time).toISOString()))
      await this.forget(batch)
  }

  async #take(file: BegunImportFile, signal: AbortSignal): Promise<void> {
    const { db, objects, log } = this.#parts
    const outcome = await outcomeOf(this.#parts, file, this.#uploadLimit, signal)
    // The lock may be lost: whoever has it now reads the file anew, and says what became of it.
    signal.throwIfAborted()
    if (await saveImportOutcome(db, file.id, outcome)) {
      log.info(
        { name: file.name, state: outcome.state, novelId: outcome.novelId },
        'a file of an import was read',
      )
      if (outcome.state !== 'refused') await objects.delete([importKey(file.id)])
    } else if (!(await importFileById(db, file.id))) {
      // Of what was forgotten while it was read nothing is kept, the books of a zip neither.
      await this.forget(file.batch)
      await objects.delete([importKey(file.id)])
    }
  }
}

/** Whether its bytes are taken in. */
function mayCome({ state }: Pick<ImportFile, 'state'>): boolean {
  return state === 'sending' || state === 'waiting' || state === 'refused'
}
