import type { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../novel/failure.ts'
import { isDamage, isUnwritable } from '../storage-errors.ts'
import type { DamageListener } from '../watched-files.ts'
import { attachClips, detachClips, quarantineClipsFile } from './clips-database-file.ts'
import { integrityError } from './integrity-check.ts'
import { migrate } from './sqlite-migrator.ts'

interface GuardedFiles {
  readonly folder: string
  readonly clips: string
}

/**
 * Inspects the errors of a connection for damaged files. A damaged `clips.db` is quarantined and replaced by an empty
 * one, and the statement is run again without an error: the clips are missing until they are salvaged or spoken again.
 * A damaged `nightjar.db` becomes read-only, and every statement that meets the damage throws `storage.damaged`.
 */
export class DamageGuard {
  readonly #sqlite: DatabaseSync
  readonly #files: GuardedFiles
  #listener: DamageListener | undefined
  #damage: string | undefined
  /** `clips.db` is damaged but not replaced yet: it cannot be detached within a transaction. */
  #clipsAreDamaged = false

  constructor(sqlite: DatabaseSync, files: GuardedFiles) {
    this.#sqlite = sqlite
    this.#files = files
  }

  /** SQLite's message about the damage of `nightjar.db`; `undefined` if it is intact. */
  get damage(): string | undefined {
    return this.#damage
  }

  subscribe(listener: DamageListener): void {
    this.#listener = listener
    if (this.#damage !== undefined) listener.onDamage(this.#damage)
  }

  /** To be called before each statement: replaces a damaged `clips.db` unless a transaction is open. */
  beforeStatement(): void {
    if (!this.#clipsAreDamaged || this.#sqlite.isTransaction) return
    this.#replaceClips()
  }

  /** To be called with a statement's error. Returns whether to run it again. Throws `storage.damaged`. */
  repairForRetry(error: unknown, sql: string): boolean {
    if (this.#damage !== undefined && (isDamage(error) || isUnwritable(error))) throw this.#failure(error)
    if (!isDamage(error)) return false
    if (!readsClips.test(sql) || !this.#isMainIntact()) {
      this.markDamaged((error as Error).message)
      throw this.#failure(error)
    }
    this.#clipsAreDamaged = true
    this.beforeStatement()
    return !this.#clipsAreDamaged
  }

  /** Marks `nightjar.db` as damaged: makes it read-only and notifies the listener. */
  markDamaged(detail: string): void {
    if (this.#damage !== undefined) return
    this.#damage = detail
    this.#sqlite.exec('PRAGMA query_only = ON')
    this.#listener?.onDamage(detail)
  }

  #isMainIntact(): boolean {
    try {
      return integrityError(this.#sqlite) === undefined
    } catch (error) {
      if (isDamage(error)) return false
      throw error
    }
  }

  #replaceClips(): void {
    const { clips, folder } = this.#files
    detachClips(this.#sqlite)
    const aside = quarantineClipsFile(clips)
    attachClips(this.#sqlite, clips)
    migrate(this.#sqlite, folder)
    this.#clipsAreDamaged = false
    this.#listener?.onClipsQuarantined(aside)
  }

  #failure(cause: unknown): Failure {
    const { folder } = this.#files
    return new Failure('storage.damaged', { folder, detail: this.#damage ?? '' }, { cause })
  }
}

const readsClips = /"clips"|\bclips\./
