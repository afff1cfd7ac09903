import type { MissingSegment } from '../database/tallies.ts'
import type { ClipKey, Recipe } from '../novel/recipe.ts'
import type { Agenda, Work } from './agenda.ts'
import type { SegmentNews } from './announce.ts'
import type { Lane, Lanes } from './lanes.ts'

/** A segment that a lane is given. */
export interface Task extends Work {
  readonly segment: MissingSegment
  readonly key: ClipKey
  readonly recipe: Recipe
  /** What the recipe was made with. */
  readonly made: string | undefined
  readonly lane: Lane
  /** How often an engine has tried it in vain. */
  readonly attempts: number
}

/** What is being spoken at this moment, by whom. */
export class InHand {
  readonly #tasks = new Map<string, Task>()

  add(task: Task): void {
    this.#tasks.set(nameOf(task.key), task)
  }

  delete(task: Task): void {
    this.#tasks.delete(nameOf(task.key))
  }

  has(key: ClipKey): boolean {
    return this.#tasks.has(nameOf(key))
  }

  /** Whether something of a chapter is being spoken in a recipe. */
  hasChapter(recipe: string, chapterId: number): boolean {
    for (const { key, chapter } of this.#tasks.values()) {
      if (key.recipe === recipe && chapter.id === chapterId) return true
    }
    return false
  }

  news(): SegmentNews[] {
    return [...this.#tasks.values()].map((task) => newsOf(task, 'speaking'))
  }

  /** The lanes that can take a segment now, by voice, and when the first of those that rest takes one again. */
  lanesWithRoom(
    agenda: Agenda,
    lanes: Lanes,
    now: number,
  ): { readonly lanes: ReadonlyMap<string, Lane>; readonly wakeAt: number } {
    const seen = new Set<string>()
    const withRoom = new Map<string, Lane>()
    let wakeAt = Infinity
    for (const { generation } of agenda.all()) {
      if (seen.has(generation.voice)) continue
      seen.add(generation.voice)
      const lane = lanes.of(generation.voice)
      const rests = lane.restsUntil(generation.voice)
      if (rests > now) wakeAt = Math.min(wakeAt, rests)
      else if (this.#countOf(lane) < lane.size) withRoom.set(generation.voice, lane)
    }
    return { lanes: withRoom, wakeAt }
  }

  #countOf(lane: Lane): number {
    let count = 0
    for (const task of this.#tasks.values()) if (task.lane === lane) count++
    return count
  }
}

export function newsOf({ chapter, segment, recipe }: Task, state: SegmentNews['state']): SegmentNews {
  return {
    novelId: chapter.novelId,
    chapterNumber: chapter.number,
    index: segment.index,
    voice: recipe.voice,
    speed: recipe.speed,
    state,
  }
}

function nameOf({ recipe, words }: ClipKey): string {
  return `${recipe}/${words}`
}
