import type { Database } from '../../storage/database-tables.ts'
import type { ChapterRow, Occurrence } from '../../storage/queries/chapter-queries.ts'
import type { Casting } from '../../novel/casting.ts'
import { failureOf } from '../../storage/queries/clip-failure-queries.ts'
import { hasClip } from '../../storage/queries/clip-queries.ts'
import { type MissingSegment, missingSegments } from '../../storage/queries/progress-queries.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import { uuidOfServer } from '../servers/server-ids.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import type { ActiveGeneration, ActiveGenerations, PendingChapter } from './active-generations.ts'
import type { Lease, Leases } from './leases.ts'
import { PendingSegments } from './pending-segments.ts'
import type { PlaybackPriorities, UrgentChapter } from './playback-priorities.ts'
import type { Outdated, SegmentSource } from './segment-source.ts'
import { type AvailableParts, SpeakableRecipes } from './speakable-recipes.ts'

export interface PendingWorkParts {
  readonly db: Database
  readonly counts: ProgressCounts
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities: PlaybackPriorities
  readonly leases: Leases
  readonly voices: VoiceRegistry
  /** Id of this server; the ids of leases begin with it. */
  readonly server: string
}

/** The scan through chapters with nothing due yields to the event loop this often. */
const maxBlockingMs = 10

/**
 * The segments of one server, which alone leases them. A chapter's missing segments are read when the scan reaches it, and
 * cached until `include`, `requeue` or `reset`.
 */
export class PendingWork implements SegmentSource {
  readonly #parts: PendingWorkParts
  readonly #pendingByChapter = new Map<string, PendingSegments>()
  readonly #recipes: SpeakableRecipes
  /** By the list of a generation's chapters: those that may have pending segments, in reading order. */
  #remaining = new WeakMap<readonly ChapterRow[], ChapterRow[]>()

  constructor(parts: PendingWorkParts) {
    this.#parts = parts
    this.#recipes = new SpeakableRecipes(parts)
  }

  reset(): void {
    this.#remaining = new WeakMap()
    this.#pendingByChapter.clear()
    this.#recipes.reset()
  }

  include(active: ActiveGeneration): void {
    const { generation, chapters } = active
    this.#remaining.delete(chapters)
    this.#recipes.include(active)
    for (const { id } of chapters) this.#pendingByChapter.delete(chapterKey(generation.casting, id))
  }

  withhold(found: Outdated): void {
    this.#recipes.withhold(found)
  }

  requeue(recipe: string, occurrences: readonly Occurrence[]): void {
    for (const occurrence of occurrences) {
      const { chapterId: id } = occurrence
      for (const active of this.#parts.activeGenerations.affectedBy(recipe, [occurrence])) {
        const { generation, chapters } = active
        this.#pendingByChapter.delete(chapterKey(generation.casting, id))
        const remaining = this.#remaining.get(chapters)
        const chapter = chapters.find((each) => each.id === id)
        if (!remaining || !chapter || remaining.includes(chapter)) continue
        const at = remaining.findIndex(({ number }) => number > chapter.number)
        remaining.splice(at < 0 ? remaining.length : at, 0, chapter)
      }
    }
  }

  async next(backends: ReadonlyMap<string, SpeechBackend>, now: number): Promise<Lease | Outdated | number> {
    const maybeYield = cooperativeYield()
    for (const urgent of this.#parts.playbackPriorities.urgent(now)) {
      for (const work of this.#chaptersAt(urgent)) {
        const available = await this.#recipes.available(work.active, backends)
        const recipe = this.#recipes.outdatedAmong(available)
        if (recipe !== undefined) return { outdated: work.active, recipe }
        const lease = await this.#take(work, available, now, urgent.from)
        if (lease) return lease
      }
    }
    let nextAt = Infinity
    for (const active of this.#parts.activeGenerations.all()) {
      if (active.generation.desiredState !== 'run') continue
      const available = await this.#recipes.available(active, backends)
      if (available.size === 0) continue
      const remaining = this.#remainingOf(active)
      const recipe = remaining.length > 0 ? this.#recipes.outdatedAmong(available) : undefined
      if (recipe !== undefined) return { outdated: active, recipe }
      const isTakeable = this.#takeableAmong(available)
      for (let at = 0; at < remaining.length; await maybeYield()) {
        const work = { active, chapter: remaining[at]! }
        const lease = await this.#take(work, available, now, 0)
        if (lease) return lease
        const pending = await this.#pendingOf(work)
        if (pending.empty) {
          remaining.splice(at, 1)
          this.#pendingByChapter.delete(chapterKey(active.generation.casting, work.chapter.id))
        } else {
          nextAt = Math.min(nextAt, pending.nextAt(isTakeable))
          at++
        }
      }
    }
    return nextAt
  }

  *#chaptersAt({ novelId, chapterNumber }: UrgentChapter): Generator<PendingChapter> {
    for (const active of this.#parts.activeGenerations.all()) {
      const { generation, chapters } = active
      if (generation.novelId !== novelId || generation.desiredState !== 'run') continue
      const chapter = chapters.find(({ number }) => number === chapterNumber)
      if (chapter) yield { active, chapter }
    }
  }

  #remainingOf({ generation, chapters }: ActiveGeneration): ChapterRow[] {
    let remaining = this.#remaining.get(chapters)
    if (!remaining) {
      // Chapters that the counts show to be complete are not read.
      remaining = chapters.filter(({ id, segmentCount }) => {
        const known = this.#parts.counts.known(generation.casting.id, id)
        return !known || known.done + known.setAside < segmentCount
      })
      this.#remaining.set(chapters, remaining)
    }
    return remaining
  }

  async #take(
    work: PendingChapter,
    available: AvailableParts,
    now: number,
    from: number,
  ): Promise<Lease | undefined> {
    const { db } = this.#parts
    const pending = await this.#pendingOf(work)
    const isTakeable = this.#takeableAmong(available)
    for (;;) {
      const segment = pending.take(now, from, isTakeable)
      const part = segment && available.get(segment.recipe)
      if (!part) return undefined
      const key = { recipe: segment.recipe, words: segment.textHash }
      // The same text may have been spoken, or have failed, in another chapter meanwhile.
      if (await hasClip(db, key)) continue
      const failed = await failureOf(db, key)
      if (failed?.setAside) continue
      if (failed && failed.nextAt > now) pending.defer(segment, failed.nextAt)
      else
        return {
          ...work,
          ...part,
          id: uuidOfServer(this.#parts.server),
          segment,
          key,
          attempts: failed?.attempts ?? 0,
        }
    }
  }

  #takeableAmong(available: AvailableParts): (segment: MissingSegment) => boolean {
    return ({ recipe, textHash }) =>
      available.has(recipe) && !this.#parts.leases.has({ recipe, words: textHash })
  }

  async #pendingOf({ active, chapter }: PendingChapter): Promise<PendingSegments> {
    const { casting } = active.generation
    const id = chapterKey(casting, chapter.id)
    let pending = this.#pendingByChapter.get(id)
    if (!pending) {
      pending = new PendingSegments(await missingSegments(this.#parts.db, chapter.id, casting))
      this.#pendingByChapter.set(id, pending)
    }
    return pending
  }
}

function chapterKey({ id }: Casting, chapterId: number): string {
  return `${id}/${chapterId}`
}

/** Returns a function that yields to the event loop when `maxBlockingMs` have passed since it last did. */
function cooperativeYield(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < maxBlockingMs) return undefined
    return yieldToEventLoop().then(() => void (since = performance.now()))
  }
}
