import { hasClip } from '../database/clips.ts'
import type { Database } from '../database/database.ts'
import { recipeByHash } from '../database/recipes.ts'
import { type MissingSegment, missingSegments } from '../database/tallies.ts'
import type { Recipe } from '../novel/recipe.ts'
import type { Active, Agenda, Work } from './agenda.ts'
import { ChapterLine } from './chapter-line.ts'
import type { InHand, Task } from './in-hand.ts'
import type { Lane } from './lanes.ts'
import type { PlayHeads } from './play-heads.ts'

export interface WorkListParts {
  readonly db: Database
  readonly agenda: Agenda
  readonly heads: PlayHeads
  readonly inHand: InHand
}

/**
 * What is to be spoken, in the order in which it is handed out. A chapter's missing segments are read when its turn
 * comes and are kept until something is asked for or lost. Its callers take turns: it is not to be changed while it
 * looks for what is next.
 */
export class WorkList {
  readonly #parts: WorkListParts
  readonly #lines = new Map<string, ChapterLine>()
  readonly #recipes = new Map<string, Recipe>()
  #works: Work[] = []

  constructor(parts: WorkListParts) {
    this.#parts = parts
  }

  /** Forgets what is missing, and begins again with all that the agenda holds. */
  renew(): void {
    this.#works = this.#parts.agenda.works()
    this.#lines.clear()
  }

  /** Takes up what the agenda now holds besides; what is missing of its chapters is read anew. */
  include(active: Active): void {
    this.#works = this.#parts.agenda.works()
    for (const chapter of active.chapters) this.#lines.delete(lineId({ active, chapter }))
  }

  /** A segment comes back unspoken. Read again, the line of its chapter holds it with the time of its next try. */
  putBack(work: Work): void {
    this.#lines.delete(lineId(work))
    if (!this.#works.some((other) => lineId(other) === lineId(work))) this.#works = this.#parts.agenda.works()
  }

  /**
   * Takes out the most urgent segment for one of these lanes (by voice), or says when (epoch milliseconds) to ask
   * again; `Infinity` when only a change can bring something.
   */
  async next(lanes: ReadonlyMap<string, Lane>, now: number): Promise<Task | number> {
    for (const { work, from } of this.#parts.heads.urgent(this.#works, now)) {
      const lane = lanes.get(work.active.generation.voice)
      const task = lane && (await this.#take(work, lane, now, from))
      if (task) return task
    }
    let askAgainAt = Infinity
    for (let at = 0; at < this.#works.length;) {
      const work = this.#works[at]!
      const lane = lanes.get(work.active.generation.voice)
      if (!lane) {
        at++
        continue
      }
      const task = await this.#take(work, lane, now, 0)
      if (task) return task
      const line = await this.#line(work)
      if (line.empty) {
        this.#works.splice(at, 1)
      } else {
        askAgainAt = Math.min(askAgainAt, line.nextAt(this.#isHeld(work)))
        at++
      }
    }
    return askAgainAt
  }

  async #take(work: Work, lane: Lane, now: number, from: number): Promise<Task | undefined> {
    const line = await this.#line(work)
    const { recipe } = work.active.generation
    for (;;) {
      const segment = line.take(now, from, this.#isHeld(work))
      if (!segment) return undefined
      const key = { recipe, words: segment.words }
      // The same words may have been spoken meanwhile for another chapter.
      if (await hasClip(this.#parts.db, key)) continue
      return { ...work, segment, key, lane, recipe: await this.#recipe(recipe) }
    }
  }

  #isHeld({ active }: Work): (segment: MissingSegment) => boolean {
    return ({ words }) => this.#parts.inHand.has({ recipe: active.generation.recipe, words })
  }

  async #line(work: Work): Promise<ChapterLine> {
    const { active, chapter } = work
    const id = lineId(work)
    let line = this.#lines.get(id)
    if (!line) {
      line = new ChapterLine(await missingSegments(this.#parts.db, chapter.id, active.generation.recipe))
      this.#lines.set(id, line)
    }
    return line
  }

  async #recipe(hash: string): Promise<Recipe> {
    let recipe = this.#recipes.get(hash)
    if (!recipe) {
      recipe = await recipeByHash(this.#parts.db, hash)
      if (!recipe) throw new Error(`a generation has the recipe ${hash}, which is not in the database`)
      this.#recipes.set(hash, recipe)
    }
    return recipe
  }
}

function lineId({ active, chapter }: Work): string {
  return `${active.generation.recipe}/${chapter.id}`
}
