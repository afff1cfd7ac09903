import type { ChapterRow } from '../database/chapters.ts'
import { hasClip } from '../database/clips.ts'
import type { Database } from '../database/tables.ts'
import { failureOf } from '../database/failures.ts'
import { recipeByHash, type SavedRecipe } from '../database/recipes.ts'
import { type MissingSegment, missingSegments } from '../database/tallies.ts'
import type { Active, Agenda, Work } from './agenda.ts'
import { ChapterLine } from './chapter-line.ts'
import type { InHand, Task } from './in-hand.ts'
import type { Lane } from './lanes.ts'
import type { HeadPlace, PlayHeads } from './play-heads.ts'
import type { TallyBook } from './tally-book.ts'
import { breathe } from './turns.ts'
import type { Voices } from './voices.ts'

export interface WorkListParts {
  readonly db: Database
  readonly book: TallyBook
  readonly agenda: Agenda
  readonly heads: PlayHeads
  readonly inHand: InHand
  readonly voices: Voices
}

/** A generation that the voices do not speak any more as its recipe says. */
export interface Outdated {
  readonly outdated: Active
}

/** Looking through chapters that have nothing to speak holds nobody up for longer. */
const mostMs = 10

/**
 * What is to be spoken, in the order in which it is handed out. A chapter's missing segments are read when its turn
 * comes and are kept until something of it is asked for anew or lost. Its callers take turns: it is not to be changed
 * while it looks for what is next.
 */
export class WorkList {
  readonly #parts: WorkListParts
  readonly #lines = new Map<string, ChapterLine>()
  readonly #recipes = new Map<string, SavedRecipe>()
  /** Ids of generations that are not handed out until something is read anew. */
  readonly #withheld = new Set<string>()
  /** By the list of a generation's chapters: those of them that may have something to speak, in reading order. */
  #left = new WeakMap<readonly ChapterRow[], ChapterRow[]>()

  constructor(parts: WorkListParts) {
    this.#parts = parts
  }

  /** Forgets what is missing, and begins again with all that the agenda holds. */
  renew(): void {
    this.#left = new WeakMap()
    this.#lines.clear()
    this.#withheld.clear()
  }

  /** What is missing of a generation is read anew. */
  include({ generation, chapters }: Active): void {
    this.#left.delete(chapters)
    this.#withheld.delete(generation.id)
    for (const { id } of chapters) this.#lines.delete(lineId(generation.recipe, id))
  }

  /** Nothing of a generation is handed out until it, or everything, is read anew. */
  withhold({ generation }: Active): void {
    this.#withheld.add(generation.id)
  }

  /** Something of these chapters is to be spoken that was not before: it came back unspoken, was lost, or is forgiven. */
  reopen(recipe: string, chapterIds: Iterable<number>): void {
    for (const id of chapterIds) {
      this.#lines.delete(lineId(recipe, id))
      for (const { chapters } of this.#parts.agenda.waitingFor(recipe, [id])) {
        const left = this.#left.get(chapters)
        const chapter = chapters.find((each) => each.id === id)
        if (!left || !chapter || left.includes(chapter)) continue
        const at = left.findIndex(({ number }) => number > chapter.number)
        left.splice(at < 0 ? left.length : at, 0, chapter)
      }
    }
  }

  /**
   * Takes out the most urgent segment for one of these lanes (by voice), or says when (epoch milliseconds) to ask
   * again; `Infinity` when only a change can bring something. A generation that comes before it and is outdated is told
   * instead: renew or withhold it, and ask again.
   */
  async next(lanes: ReadonlyMap<string, Lane>, now: number): Promise<Task | Outdated | number> {
    const pause = pausing()
    for (const place of this.#parts.heads.urgent(now)) {
      for (const work of this.#worksAt(place)) {
        const lane = lanes.get(work.active.generation.voice)
        if (!lane) continue
        if (await this.#isOutdated(work.active)) return { outdated: work.active }
        const task = await this.#take(work, lane, now, place.from)
        if (task) return task
      }
    }
    let askAgainAt = Infinity
    for (const active of this.#parts.agenda.all()) {
      const lane = lanes.get(active.generation.voice)
      if (!lane || active.generation.wish !== 'run' || this.#withheld.has(active.generation.id)) continue
      const left = this.#leftOf(active)
      if (left.length > 0 && (await this.#isOutdated(active))) return { outdated: active }
      for (let at = 0; at < left.length; await pause()) {
        const work = { active, chapter: left[at]! }
        const task = await this.#take(work, lane, now, 0)
        if (task) return task
        const line = await this.#line(work)
        if (line.empty) {
          left.splice(at, 1)
          this.#lines.delete(lineId(active.generation.recipe, work.chapter.id))
        } else {
          askAgainAt = Math.min(askAgainAt, line.nextAt(this.#isHeld(work)))
          at++
        }
      }
    }
    return askAgainAt
  }

  *#worksAt({ novelId, chapterNumber }: HeadPlace): Generator<Work> {
    for (const active of this.#parts.agenda.all()) {
      const { generation, chapters } = active
      if (generation.novelId !== novelId || generation.wish !== 'run') continue
      if (this.#withheld.has(generation.id)) continue
      const chapter = chapters.find(({ number }) => number === chapterNumber)
      if (chapter) yield { active, chapter }
    }
  }

  #leftOf({ generation, chapters }: Active): ChapterRow[] {
    let left = this.#left.get(chapters)
    if (!left) {
      // What is known to be complete is not read to see that nothing is missing.
      left = chapters.filter(({ id, segmentCount }) => {
        const known = this.#parts.book.known(generation.recipe, id)
        return !known || known.done + known.setAside < segmentCount
      })
      this.#left.set(chapters, left)
    }
    return left
  }

  async #take(work: Work, lane: Lane, now: number, from: number): Promise<Task | undefined> {
    const { db } = this.#parts
    const line = await this.#line(work)
    const { recipe } = work.active.generation
    for (;;) {
      const segment = line.take(now, from, this.#isHeld(work))
      if (!segment) return undefined
      const key = { recipe, words: segment.words }
      // The same words may have been spoken, or have failed, meanwhile in another place.
      if (await hasClip(db, key)) continue
      const failed = await failureOf(db, key)
      if (failed?.setAside) continue
      if (failed && failed.nextAt > now) line.defer(segment, failed.nextAt)
      else
        return {
          ...work,
          segment,
          key,
          lane,
          ...(await this.#recipe(recipe)),
          attempts: failed?.attempts ?? 0,
        }
    }
  }

  #isHeld({ active }: Work): (segment: MissingSegment) => boolean {
    return ({ words }) => this.#parts.inHand.has({ recipe: active.generation.recipe, words })
  }

  async #line({ active, chapter }: Work): Promise<ChapterLine> {
    const { recipe } = active.generation
    const id = lineId(recipe, chapter.id)
    let line = this.#lines.get(id)
    if (!line) {
      line = new ChapterLine(await missingSegments(this.#parts.db, chapter.id, recipe))
      this.#lines.set(id, line)
    }
    return line
  }

  async #isOutdated({ generation }: Active): Promise<boolean> {
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

function lineId(recipe: string, chapterId: number): string {
  return `${recipe}/${chapterId}`
}

/** Waits for everything else after some milliseconds, and else for nothing. */
function pausing(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < mostMs) return undefined
    return breathe().then(() => void (since = performance.now()))
  }
}
