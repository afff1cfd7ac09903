import { randomUUID } from 'node:crypto'
import type { Database } from '../../storage/database-tables.ts'
import type { ChapterRow, Occurrence } from '../../storage/queries/chapter-queries.ts'
import { type Casting, recipesOf } from '../../novel/casting.ts'
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
import { PendingSegments } from './pending-segments.ts'
import type { PlaybackPriorities, UrgentChapter } from './playback-priorities.ts'
import type { Outdated, SegmentSource } from './segment-source.ts'

export interface PendingWorkParts {
  readonly db: Database
  readonly counts: ProgressCounts
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities: PlaybackPriorities
  readonly leases: Leases
  readonly voices: VoiceRegistry
}

/** A recipe of a casting that a backend can be given a segment for, with what is saved of it. */
interface AvailablePart extends SavedRecipe {
  readonly backend: SpeechBackend
}

/** By the hash of the recipe. */
type AvailableParts = ReadonlyMap<string, AvailablePart>

/** The scan through chapters with nothing due yields to the event loop this often. */
const maxBlockingMs = 10

/**
 * The segments of one server, which alone leases them. A chapter's missing segments are read when the scan reaches it, and
 * cached until `include`, `requeue` or `reset`.
 */
export class PendingWork implements SegmentSource {
  readonly #parts: PendingWorkParts
  readonly #pendingByChapter = new Map<string, PendingSegments>()
  readonly #recipes = new Map<string, SavedRecipe>()
  /** By id of a generation: the recipes whose segments are skipped until `include` or `reset`. */
  readonly #withheld = new Map<string, Set<string>>()
  /** By the list of a generation's chapters: those that may have pending segments, in reading order. */
  #remaining = new WeakMap<readonly ChapterRow[], ChapterRow[]>()

  constructor(parts: PendingWorkParts) {
    this.#parts = parts
  }

  reset(): void {
    this.#remaining = new WeakMap()
    this.#pendingByChapter.clear()
    this.#withheld.clear()
  }

  include({ generation, chapters }: ActiveGeneration): void {
    this.#remaining.delete(chapters)
    this.#withheld.delete(generation.id)
    for (const { id } of chapters) this.#pendingByChapter.delete(chapterKey(generation.casting, id))
  }

  withhold({ outdated, recipe }: Outdated): void {
    const { id } = outdated.generation
    this.#withheld.set(id, (this.#withheld.get(id) ?? new Set()).add(recipe))
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
        const available = await this.#availableParts(work.active, backends)
        const recipe = this.#outdatedAmong(available)
        if (recipe !== undefined) return { outdated: work.active, recipe }
        const lease = await this.#take(work, available, now, urgent.from)
        if (lease) return lease
      }
    }
    let nextAt = Infinity
    for (const active of this.#parts.activeGenerations.all()) {
      if (active.generation.wish !== 'run') continue
      const available = await this.#availableParts(active, backends)
      if (available.size === 0) continue
      const remaining = this.#remainingOf(active)
      const recipe = remaining.length > 0 ? this.#outdatedAmong(available) : undefined
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
      if (generation.novelId !== novelId || generation.wish !== 'run') continue
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
      else return { ...work, ...part, id: randomUUID(), segment, key, attempts: failed?.attempts ?? 0 }
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

  /** The recipes of a generation that are not withheld and whose voice has an available backend. */
  async #availableParts(
    { generation, voices }: ActiveGeneration,
    backends: ReadonlyMap<string, SpeechBackend>,
  ): Promise<AvailableParts> {
    const parts = new Map<string, AvailablePart>()
    if (!voices.some((voice) => backends.has(voice))) return parts
    const withheld = this.#withheld.get(generation.id)
    for (const hash of recipesOf(generation.casting)) {
      if (withheld?.has(hash)) continue
      const saved = await this.#recipe(hash)
      const backend = backends.get(saved.recipe.voice)
      if (backend) parts.set(hash, { ...saved, backend })
    }
    return parts
  }

  #outdatedAmong(parts: AvailableParts): string | undefined {
    for (const [hash, part] of parts) if (!this.#parts.voices.canSpeak(part)) return hash
    return undefined
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
