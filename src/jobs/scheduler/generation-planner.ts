import type { Logger } from 'pino'
import type { Lock } from '../../storage/lock.ts'
import { deleteLapsedClaims } from '../../storage/queries/claim-queries.ts'
import { unfinishedGenerations } from '../../storage/queries/generation-queries.ts'
import type { JobWorker } from '../job-queue.ts'
import { RunPlans, type RunPlansParts } from './run-plans.ts'

interface GenerationPlannerParts extends RunPlansParts {
  readonly lock: Lock
  readonly log: Logger
  /** Milliseconds between two looks for generations that nobody works on; left out: a minute. */
  readonly lookEveryMs?: number
}

/** Plans that are made together. The others of a crowd are left to other servers. */
const plansAtOnce = 8
/** A request behind which others come at once is planned with them: planning it alone takes as long as the next request. */
const gatherMs = 300
const defaultLookEveryMs = 60_000
/** One that waits its turn is planned again less and less often. */
const longestLooks = 16
/** Claims that lapsed so long ago are nobody's. */
const forgottenClaimsMs = 3_600_000

/**
 * Cuts what generations lack into the runs that tell servers where to look. Jobs may be lost: one server at a time looks
 * for generations that are not worked on, and plans them again.
 */
export class GenerationPlanner implements AsyncDisposable {
  readonly #parts: GenerationPlannerParts
  readonly #worker: JobWorker
  readonly #timer: NodeJS.Timeout
  /** By id of a generation that is to run: in how many looks it is planned again, and the number after that. */
  #looks = new Map<string, { readonly left: number; readonly next: number }>()
  #looking: Promise<void> | undefined

  constructor(parts: GenerationPlannerParts) {
    this.#parts = parts
    const plans = new RunPlans(parts)
    let running = 0
    this.#worker = parts.jobs.work(
      'plan',
      {
        // None are begun beside those that are being made.
        concurrency: () => (running > 0 ? 0 : plansAtOnce),
        retries: 5,
        backoffMs: (attempt) => 1000 * 2 ** attempt,
        gatherMs,
      },
      async ({ generationId }, { signal }) => {
        running++
        await plans.plan(generationId, signal).finally(() => running--)
      },
    )
    const everyMs = parts.lookEveryMs ?? defaultLookEveryMs
    this.#timer = setInterval(() => void this.#look(), everyMs).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#worker[Symbol.asyncDispose]()
    await this.#looking
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    const { lock, log } = this.#parts
    this.#looking = (async () => {
      await using held = await lock.tryAcquire('plan')
      if (held) await this.#planForgotten()
    })().catch((err: unknown) => log.warn({ err }, 'unfinished generations could not be looked through'))
    await this.#looking
    this.#looking = undefined
  }

  /** Where no run is left all are planned, else each after 1, 2, 4 … looks: most of them only wait their turn. */
  async #planForgotten(): Promise<void> {
    const { db, jobs } = this.#parts
    await deleteLapsedClaims(db, forgottenClaimsMs)
    const counts = await jobs.counts()
    const isIdle = [...counts].every(
      ([name, { waiting, active }]) =>
        !(name === 'plan' || name.startsWith('speak-run')) || waiting + active === 0,
    )
    const looks = new Map<string, { left: number; next: number }>()
    const plans = []
    for (const { id, desiredState } of await unfinishedGenerations(db)) {
      if (desiredState !== 'run') continue
      const { left, next } = this.#looks.get(id) ?? { left: 1, next: 2 }
      const isDue = isIdle || left === 0
      looks.set(id, isDue ? { left: next, next: Math.min(2 * next, longestLooks) } : { left: left - 1, next })
      if (isDue) plans.push({ data: { generationId: id }, singletonKey: id })
    }
    this.#looks = looks
    await jobs.sendAll('plan', plans)
  }
}
