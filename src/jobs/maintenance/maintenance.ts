import { setTimeout as wait } from 'node:timers/promises'
import type { HeldLock } from '../../storage/lock.ts'
import { hideIncompleteNovels } from '../../storage/queries/deletion-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { Application } from '../application.ts'
import type { GenerationParts } from '../generations/generation-requests.ts'
import { emptyOldTrash, type TrashParts } from '../import/novel-trash.ts'
import { speakAddedChapters } from '../import/versions/added-chapters.ts'
import { auditInBackground } from './background-audit.ts'
import { correctCards } from './recover-sources.ts'
import { tidy } from './recover.ts'

type MaintenanceParts = Parameters<typeof auditInBackground>[0] &
  Parameters<typeof tidy>[0] &
  Parameters<typeof correctCards>[0] &
  TrashParts &
  GenerationParts &
  Pick<Application, 'lock'>

/** Between two looks for imports and new chapters whose server died, and for novels that were deleted unheard. */
const lookMs = 60_000
const retryMs = 30_000

/**
 * What one server does for all that share a database, as long as it lives: sweeping, re-importing, auditing, deleting, emptying the trash. When
 * it dies the next one begins anew. It sets `application.deletions.active`.
 */
export class Maintenance {
  readonly #application: MaintenanceParts
  #held: HeldLock | undefined

  private constructor(application: MaintenanceParts) {
    this.#application = application
  }

  /** Takes the office if it is free, and tidies up. Call `work` afterwards. */
  static async begin(application: MaintenanceParts): Promise<Maintenance> {
    const maintenance = new Maintenance(application)
    maintenance.#held = await application.lock.tryAcquire('maintenance')
    application.deletions.active = maintenance.#held !== undefined
    if (maintenance.#held) await tidy(application)
    return maintenance
  }

  /** Resolves when the signal aborts. */
  async work(signal: AbortSignal): Promise<void> {
    const { lock, log } = this.#application
    while (!signal.aborted) {
      try {
        if (!this.#held) {
          this.#held = await lock.acquire('maintenance', signal)
          log.info('this server took over the maintenance of the database')
          await tidy(this.#application)
        }
        await this.#serve(this.#held, signal)
      } catch (err) {
        if (signal.aborted) break
        log.error({ err }, 'the maintenance was interrupted and is begun anew')
        await wait(retryMs, undefined, { signal }).catch(() => undefined)
      } finally {
        this.#application.deletions.active = false
        await this.#held?.[Symbol.asyncDispose]()
        this.#held = undefined
      }
    }
  }

  /** Resolves when the signal aborts or the office is lost. */
  async #serve(held: HeldLock, stopped: AbortSignal): Promise<void> {
    const { db, deletions } = this.#application
    const signal = AbortSignal.any([held.signal, stopped])
    deletions.active = true
    await auditInBackground(this.#application, signal)
    await correctCards(this.#application, signal)
    await emptyOldTrash(this.#application, Date.now())
    while (!signal.aborted) {
      await wait(lookMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) continue
      await emptyOldTrash(this.#application, Date.now())
      await speakAddedChapters(this.#application)
      if (!sqlDialect(db).shared) continue
      await hideIncompleteNovels(db)
      deletions.work()
    }
  }
}
