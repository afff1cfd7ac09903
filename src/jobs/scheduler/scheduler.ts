import type { Database } from '../../storage/database-tables.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { failureOf } from '../../storage/queries/clip-failure-queries.ts'
import { hasClip } from '../../storage/queries/clip-queries.ts'
import { type MissingSegment, missingSegments } from '../../storage/queries/progress-queries.ts'
import { recipeByHash, type SavedRecipe } from '../../storage/queries/recipe-queries.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import type { ActiveGeneration, ActiveGenerations, PendingChapter } from './active-generations.ts'
import type { Lease, Leases } from './leases.ts'
import type { PlaybackPriorities, UrgentChapter } from './playback-priorities.ts'

type IsLeased = (segment: MissingSegment) => boolean

/** The missing segments of a chapter in a recipe, in reading order. */
export class PendingSegments {
  readonly #missing: MissingSegment[]

  constructor(missing: readonly MissingSegment[]) {
    this.#missing = [...missing]
  }

  get empty(): boolean {
    return this.#missing.length === 0
  }

  /** Epoch milliseconds at which the earliest segment is due; `Infinity` if all are leased. */
  nextAt(isLeased: IsLeased): number {
    let earliest = Infinity
    for (const segment of this.#missing) {
      if (segment.nextAt < earliest && !isLeased(segment)) earliest = segment.nextAt
    }
    return earliest
  }

  /** Removes and returns the first pending segment at or after index `from` that is due and not leased. */
  take(now: number, from: number, isLeased: IsLeased): MissingSegment | undefined {
    const at = this.#missing.findIndex(
      (segment) => segment.index >= from && segment.nextAt <= now && !isLeased(segment),
    )
    return at < 0 ? undefined : this.#missing.splice(at, 1)[0]
  }

  /** Returns a taken segment to its position, due at `nextAt` (epoch milliseconds). */
  defer(segment: MissingSegment, nextAt: number): void {
    const at = this.#missing.findIndex(({ index }) => index > segment.index)
    this.#missing.splice(at < 0 ? this.#missing.length : at, 0, { ...segment, nextAt })
  }
}

export interface SchedulerParts {
  readonly db: Database
  readonly counts: ProgressCounts
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities: PlaybackPriorities
  readonly leases: Leases
  readonly voices: VoiceRegistry
}

/** A generation whose voice no longer sounds as its recipe demands. */
export interface Outdated {
  readonly outdated: ActiveGeneration
}

/** The scan through chapters with nothing due yields to the event loop this often. */
const maxBlockingMs = 10

/**
 * Chooses the next segment to lease. A chapter's missing segments are read when the scan reaches it, and cached until
 * `include`, `requeue` or `reset`. Not safe for concurrent calls: callers hold a mutex.
 */
export class Scheduler {
  readonly #parts: SchedulerParts
  readonly #pendingByChapter = new Map<string, PendingSegments>()
  readonly #recipes = new Map<string, SavedRecipe>()
  /** Ids of generations that are skipped until `include` or `reset`. */
  readonly #withheld = new Set<string>()
  /** By the list of a generation's chapters: those that may have pending segments, in reading order. */
  #remaining = new WeakMap<readonly ChapterRow[], ChapterRow[]>()

  constructor(parts: SchedulerParts) {
    this.#parts = parts
  }

  /** Drops everything cached: all active generations are read again. */
  reset(): void {
    this.#remaining = new WeakMap()
    this.#pendingByChapter.clear()
    this.#withheld.clear()
  }

  /** Drops what is cached of a generation: its missing segments are read again. */
  include({ generation, chapters }: ActiveGeneration): void {
    this.#remaining.delete(chapters)
    this.#withheld.delete(generation.id)
    for (const { id } of chapters) this.#pendingByChapter.delete(chapterKey(generation.recipe, id))
  }

  /** Skips a generation until it is included again, or everything is reset. */
  withhold({ generation }: ActiveGeneration): void {
    this.#withheld.add(generation.id)
  }

  /** Segments of these chapters are missing again: returned unspoken, their clip lost, or their failure cleared. */
  requeue(recipe: string, chapterIds: Iterable<number>): void {
    for (const id of chapterIds) {
      this.#pendingByChapter.delete(chapterKey(recipe, id))
      for (const { chapters } of this.#parts.activeGenerations.waitingFor(recipe, [id])) {
        const remaining = this.#remaining.get(chapters)
        const chapter = chapters.find((each) => each.id === id)
        if (!remaining || !chapter || remaining.includes(chapter)) continue
        const at = remaining.findIndex(({ number }) => number > chapter.number)
        remaining.splice(at < 0 ? remaining.length : at, 0, chapter)
      }
    }
  }

  /**
   * Takes the most urgent segment for one of these backends (by voice), or returns the epoch milliseconds at which to
   * call again; `Infinity` when only a change can bring a segment. If a generation before it is outdated, that one is
   * returned instead: renew or withhold it, and call again.
   */
  async next(backends: ReadonlyMap<string, SpeechBackend>, now: number): Promise<Lease | Outdated | number> {
    const maybeYield = cooperativeYield()
    for (const urgent of this.#parts.playbackPriorities.urgent(now)) {
      for (const work of this.#chaptersAt(urgent)) {
        const backend = backends.get(work.active.generation.voice)
        if (!backend) continue
        if (await this.#isOutdated(work.active)) return { outdated: work.active }
        const lease = await this.#take(work, backend, now, urgent.from)
        if (lease) return lease
      }
    }
    let nextAt = Infinity
    for (const active of this.#parts.activeGenerations.all()) {
      const backend = backends.get(active.generation.voice)
      if (!backend || active.generation.wish !== 'run' || this.#withheld.has(active.generation.id)) continue
      const remaining = this.#remainingOf(active)
      if (remaining.length > 0 && (await this.#isOutdated(active))) return { outdated: active }
      for (let at = 0; at < remaining.length; await maybeYield()) {
        const work = { active, chapter: remaining[at]! }
        const lease = await this.#take(work, backend, now, 0)
        if (lease) return lease
        const pending = await this.#pendingOf(work)
        if (pending.empty) {
          remaining.splice(at, 1)
          this.#pendingByChapter.delete(chapterKey(active.generation.recipe, work.chapter.id))
        } else {
          nextAt = Math.min(nextAt, pending.nextAt(this.#isLeased(work)))
          at++
        }
      }
    }
    return nextAt
  }

  *#chaptersAt({ novelId, chapterNumber }: UrgentChapter): Generator<PendingChapter> {
    for (const active of this.#parts.activeGenerations.all()) {
      const { generation, chapters } = active
      if (generation.novelId !== novelId || generation.wish !== 'run') continue
      if (this.#withheld.has(generation.id)) continue
      const chapter = chapters.find(({ number }) => number === chapterNumber)
      if (chapter) yield { active, chapter }
    }
  }

  #remainingOf({ generation, chapters }: ActiveGeneration): ChapterRow[] {
    let remaining = this.#remaining.get(chapters)
    if (!remaining) {
      // Chapters that the counts show to be complete are not read.
      remaining = chapters.filter(({ id, segmentCount }) => {
        const known = this.#parts.counts.known(generation.recipe, id)
        return !known || known.done + known.setAside < segmentCount
      })
      this.#remaining.set(chapters, remaining)
    }
    return remaining
  }

  async #take(
    work: PendingChapter,
    backend: SpeechBackend,
    now: number,
    from: number,
  ): Promise<Lease | undefined> {
    const { db } = this.#parts
    const pending = await this.#pendingOf(work)
    const { recipe } = work.active.generation
    for (;;) {
      const segment = pending.take(now, from, this.#isLeased(work))
      if (!segment) return undefined
      const key = { recipe, words: segment.textHash }
      // The same text may have been spoken, or have failed, in another chapter meanwhile.
      if (await hasClip(db, key)) continue
      const failed = await failureOf(db, key)
      if (failed?.setAside) continue
      if (failed && failed.nextAt > now) pending.defer(segment, failed.nextAt)
      else
        return {
          ...work,
          segment,
          key,
          backend,
          ...(await this.#recipe(recipe)),
          attempts: failed?.attempts ?? 0,
        }
    }
  }

  #isLeased({ active }: PendingChapter): (segment: MissingSegment) => boolean {
    return ({ textHash }) => this.#parts.leases.has({ recipe: active.generation.recipe, words: textHash })
  }

  async #pendingOf({ active, chapter }: PendingChapter): Promise<PendingSegments> {
    const { recipe } = active.generation
    const id = chapterKey(recipe, chapter.id)
    let pending = this.#pendingByChapter.get(id)
    if (!pending) {
      pending = new PendingSegments(await missingSegments(this.#parts.db, chapter.id, recipe))
      this.#pendingByChapter.set(id, pending)
    }
    return pending
  }

  async #isOutdated({ generation }: ActiveGeneration): Promise<boolean> {
    return !this.#parts.voices.canSpeak(await this.#recipe(generation.recipe))
  }

  async #recipe(hash: string): Promise<SavedRecipe> {
    let recipe = this.#recipes.get(hash)
    if (!recipe) {
      recipe = await recipeByHash(this.#parts.db, hash)
      if (!recipe) throw new Error(`a generation has the recipe ${hash}, which is not in the database`)
      if (recipe.made !== undefined) this.#recipes.set(hash, recipe)
    }
    return recipe
  }
}

function chapterKey(recipe: string, chapterId: number): string {
  return `${recipe}/${chapterId}`
}

/** Returns a function that yields to the event loop when `maxBlockingMs` have passed since it last did. */
function cooperativeYield(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < maxBlockingMs) return undefined
    return yieldToEventLoop().then(() => void (since = performance.now()))
  }
}
