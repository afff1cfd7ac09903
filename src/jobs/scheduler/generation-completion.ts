import type { Casting } from '../../novel/casting.ts'
import { type Generation, statusOf } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { ChapterRow, Occurrence } from '../../storage/queries/chapter-queries.ts'
import { completeGeneration, startGeneration } from '../../storage/queries/completion-queries.ts'
import type { EventBus } from '../event-bus.ts'
import { isKnownToLack } from '../generations/clip-counts.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import type { ActiveGeneration, ActiveGenerations } from './active-generations.ts'

export interface GenerationCompletionParts {
  readonly db: Database
  readonly activeGenerations: ActiveGenerations
  readonly counts: ProgressCounts
  readonly eventBus: EventBus
  /** Whether other servers write too, so that counts may be behind: the database is asked before anything is completed. */
  readonly shared?: boolean
  readonly outbox: CompletionOutbox
}

/** Writes the events of generations that are completed. */
export interface CompletionOutbox {
  readonly wantsChapters: boolean
  beforeCompletion(active: CompletedGeneration): Promise<void>
  completed(commit: Database, active: CompletedGeneration): Promise<void>
  /** After the commit. */
  written(): void
}

type CompletedGeneration = Pick<ActiveGeneration, 'generation' | 'chapters'>

/** Writes down when a generation begins and when it is done, and publishes its progress. */
export class GenerationCompletion {
  readonly #parts: GenerationCompletionParts

  constructor(parts: GenerationCompletionParts) {
    this.#parts = parts
  }

  /** Its first segment is about to be spoken. */
  async started({ generation: { id } }: ActiveGeneration): Promise<void> {
    const { db, activeGenerations, eventBus } = this.#parts
    if (activeGenerations.byId(id)?.generation.startedAt !== undefined) return
    const isFirst = await startGeneration(db, id)
    await activeGenerations.reloadOne(id)
    if (isFirst) eventBus.publish({ kind: 'generation', id })
  }

  /** Publishes the progress of the generations that speak these occurrences, and finishes those that are done. */
  async countsChanged(recipe: string, occurrences: readonly Occurrence[]): Promise<void> {
    for (const waiting of this.#parts.activeGenerations.affectedBy(recipe, occurrences)) {
      this.#parts.eventBus.publish({ kind: 'progress', id: waiting.generation.id })
      await this.settle(waiting)
    }
  }

  /** Publishes the progress of the generations that wait for a voice: it carries the reason. */
  voiceRests(voice: string): void {
    const { activeGenerations, eventBus } = this.#parts
    for (const { generation, voices } of activeGenerations.all()) {
      if (voices.includes(voice)) eventBus.publish({ kind: 'progress', id: generation.id })
    }
  }

  /** Marks a generation as finished if the database has no segment of it that is neither spoken nor set aside. */
  async completeUnlessMissing(generation: Generation, chapters: readonly ChapterRow[]): Promise<void> {
    const { counts, outbox } = this.#parts
    // Others may have spoken the last of it, of which these counts have not heard.
    const recount = () =>
      counts.runExclusive(async () => counts.invalidateChapters(chapters.map((chapter) => chapter.id)))
    if (outbox.wantsChapters) await recount()
    await this.#complete({ generation, chapters }, generation.casting, recount)
  }

  /** Marks a generation as finished if its segments are all spoken or set aside. */
  async settle({ generation, chapters, total }: ActiveGeneration): Promise<void> {
    const { counts, shared = false } = this.#parts
    if (isKnownToLack(counts, generation.casting, chapters)) return
    const status = statusOf('run', true, { total, ...(await counts.sum(generation.casting, chapters)) })
    if (status !== 'completed' && status !== 'failed') return
    await this.#complete({ generation, chapters }, shared ? generation.casting : undefined)
  }

  /**
   * Marks it, unless that was done already, and publishes it after `onCompleted`. `casting`: only if the database has no
   * segment that is missing in it.
   */
  async #complete(
    done: CompletedGeneration,
    casting: Casting | undefined,
    onCompleted?: () => Promise<void>,
  ): Promise<void> {
    const { db, activeGenerations, eventBus, outbox } = this.#parts
    const { id } = done.generation
    await outbox.beforeCompletion(done)
    const completed = await db.transaction().execute(async (commit) => {
      if (!(await completeGeneration(commit, id, done.chapters, casting))) return false
      await outbox.completed(commit, done)
      return true
    })
    if (completed) {
      outbox.written()
      await onCompleted?.()
    }
    await activeGenerations.reloadOne(id)
    if (completed) eventBus.publish({ kind: 'generation', id })
  }
}
