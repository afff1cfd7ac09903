import type { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../novel/failure.ts'
import { integrityError } from './integrity-check.ts'
import { attachClips, detachClips, quarantineClipsFile } from './clips-database-file.ts'
import { migrate } from './sqlite-migrator.ts'
import { isDamage, isUnwritable } from './sqlite-errors.ts'

interface GuardedFiles {
  readonly folder: string
  readonly clips: string
}

interface DamageListener {
  /** Synchronously, in the middle of a query: `clips.db` is another, empty file from here on. */
  readonly onClipsQuarantined: (aside: string) => void
  /** Once: `nightjar.db` is damaged, and is only read from here on. */
  readonly onDamage: (detail: string) => void
}

/**
 * Looks at the errors of a connection for damage of its files. A damaged `clips.db` is set aside and begun anew, and
 * the statement is run again: its clips are lost until they are salvaged or spoken again, and nobody sees an error. A
 * damaged `nightjar.db` is never written to again, and every statement that meets the damage throws `storage.damaged`.
 */
export class DamageGuard {
  readonly #sqlite: DatabaseSync
  readonly #files: GuardedFiles
  #listener: DamageListener | undefined
  #damage: string | undefined
  /** `clips.db` was found damaged within a transaction, in which it cannot be detached. */
  #clipsAreDamaged = false

  constructor(sqlite: DatabaseSync, files: GuardedFiles) {
    this.#sqlite = sqlite
    this.#files = files
  }

  /** What is wrong with `nightjar.db`, in SQLite's words. */
  get damage(): string | undefined {
    return this.#damage
  }

  subscribe(listener: DamageListener): void {
    this.#listener = listener
    if (this.#damage !== undefined) listener.onDamage(this.#damage)
  }

  /** Before a statement, outside of transactions. */
  beforeStatement(): void {
    if (!this.#clipsAreDamaged || this.#sqlite.isTransaction) return
    this.#replaceClips()
  }

  /** After an error of a statement: whether it shall be run again. Throws `storage.damaged`. */
  repairForRetry(error: unknown, sql: string): boolean {
    if (this.#damage !== undefined && (isDamage(error) || isUnwritable(error))) throw this.#failure(error)
    if (!isDamage(error)) return false
    if (!readsClips.test(sql) || !this.#isWhole()) {
      this.markDamaged((error as Error).message)
      throw this.#failure(error)
    }
    this.#clipsAreDamaged = true
    this.beforeStatement()
    return !this.#clipsAreDamaged
  }

  /** `nightjar.db` is damaged. */
  markDamaged(detail: string): void {
    if (this.#damage !== undefined) return
    this.#damage = detail
    this.#sqlite.exec('PRAGMA query_only = ON')
    this.#listener?.onDamage(detail)
  }

  #isWhole(): boolean {
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
