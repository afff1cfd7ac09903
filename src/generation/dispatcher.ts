import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { hasClip } from '../database/clips.ts'
import type { Database } from '../database/database.ts'
import { deleteFailure } from '../database/failures.ts'
import { updateGeneration } from '../database/generations.ts'
import { recipeByHash } from '../database/recipes.ts'
import { type MissingSegment, missingSegments } from '../database/tallies.ts'
import { framesToSeconds } from '../novel/clip.ts'
import { statusOf } from '../novel/generation.ts'
import type { ClipKey, Recipe } from '../novel/recipe.ts'
import { PoolStopped, type SpeakerPool } from '../speech/speaker-pool.ts'
import type { Active, Agenda, Work } from './agenda.ts'
import type { Announcer, SegmentNews } from './announce.ts'
import { ChapterLine } from './chapter-line.ts'
import type { ClipWriter } from './clip-writer.ts'
import { noteFailure } from './note-failure.ts'
import type { Pace } from './pace.ts'
import type { PlayHeads } from './play-heads.ts'
import type { TallyBook } from './tally-book.ts'
import { tallyOf } from './tally.ts'
import { Turns } from './turns.ts'

export interface DispatcherParts {
  readonly db: Database
  readonly pool: SpeakerPool
  readonly agenda: Agenda
  readonly book: TallyBook
  readonly writer: ClipWriter
  readonly heads: PlayHeads
  readonly pace: Pace
  readonly announcer: Announcer
  readonly log: Logger
  /** Why nothing may be handed out, if anything. */
  readonly halted: () => boolean
}

/** After something broke that should not have. */
const restMs = 2000

interface Task extends Work {
  readonly segment: MissingSegment
  readonly key: ClipKey
  readonly recipe: Recipe
}

/**
 * Hands segments to speakers, the most urgent first, and takes clips back. It holds nothing that the database does
 * not know: after a crash the same rows give the same work. A speaker gets its next segment when the clip of the last
 * is durable, so a crash costs each speaker at most the one segment in its hands.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #turns = new Turns()
  readonly #lines = new Map<string, ChapterLine>()
  readonly #recipes = new Map<string, Recipe>()
  readonly #inHand = new Map<string, Task>()
  readonly #tasks = new Set<Promise<void>>()
  #works: Work[] = []
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** The chapters that are being spoken at this moment, by recipe. */
  isInHand(recipe: string, chapterId: number): boolean {
    for (const { key, chapter } of this.#inHand.values()) {
      if (key.recipe === recipe && chapter.id === chapterId) return true
    }
    return false
  }

  /** What is being spoken at this moment. */
  segmentsInHand(): SegmentNews[] {
    return [...this.#inHand.values()].map((task) => news(task, 'speaking'))
  }

  /** The rows have changed: reads them again and hands out what is due. */
  async refresh(): Promise<void> {
    await this.#turns.take(async () => {
      await this.#parts.agenda.reload()
      this.#works = this.#parts.agenda.works()
      this.#lines.clear()
      for (const active of this.#parts.agenda.all()) await this.#settle(active)
    })
    await this.fill()
  }

  /** Gives every free speaker something to do. */
  async fill(): Promise<void> {
    await this.#turns.take(async () => {
      while (!this.#stopped && !this.#parts.halted() && this.#inHand.size < this.#parts.pool.size) {
        const task = await this.#next(Date.now())
        if (!task) break
        this.#handOut(task)
      }
    })
  }

  /** Hands nothing out any more and waits until what the speakers held is written or given back. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all(this.#tasks)
  }

  async #next(now: number): Promise<Task | undefined> {
    for (const { work, from } of this.#parts.heads.urgent(this.#works, now)) {
      const task = await this.#take(work, now, from)
      if (task) return task
    }
    let wakeAt = Infinity
    for (let at = 0; at < this.#works.length;) {
      const work = this.#works[at]
      if (!work) break
      const task = await this.#take(work, now, 0)
      if (task) return task
      const line = await this.#line(work)
      if (line.empty) {
        this.#works.splice(at, 1)
      } else {
        wakeAt = Math.min(wakeAt, line.nextAt(this.#isHeld(work)))
        at++
      }
    }
    this.#wakeAt(wakeAt)
    return undefined
  }

  async #take(work: Work, now: number, from: number): Promise<Task | undefined> {
    const line = await this.#line(work)
    const { recipe } = work.active.generation
    for (;;) {
      const segment = line.take(now, from, this.#isHeld(work))
      if (!segment) return undefined
      const key = { recipe, words: segment.words }
      // The same words may have been spoken meanwhile for another chapter.
      if (await hasClip(this.#parts.db, key)) continue
      return { ...work, segment, key, recipe: await this.#recipe(recipe) }
    }
  }

  #isHeld({ active }: Work): (segment: MissingSegment) => boolean {
    return ({ words }) => this.#inHand.has(`${active.generation.recipe}/${words}`)
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

  #handOut(task: Task): void {
    const id = `${task.key.recipe}/${task.key.words}`
    this.#inHand.set(id, task)
    const done = this.#perform(task)
      .catch(async (error: unknown) => {
        // Nobody knows what became of it, so the database is asked again, after a rest.
        this.#parts.log.error({ err: error }, 'a segment could not be dealt with and is tried again')
        this.#handOutAgain(task)
        if (!this.#stopped) await wait(restMs)
      })
      .finally(() => {
        this.#inHand.delete(id)
        this.#tasks.delete(done)
        this.#fillUnlessStopped()
      })
    this.#tasks.add(done)
  }

  async #perform(task: Task): Promise<void> {
    const { key, segment, recipe, active } = task
    const { pool, writer, announcer, pace, log } = this.#parts
    if (!this.#parts.agenda.byId(active.generation.id)?.generation.startedAt) await this.#started(active)
    announcer.tell({ kind: 'segment', segment: news(task, 'speaking') })
    log.debug({ ...key, chapter: task.chapter.number, segment: segment.index }, 'speaking')
    let chapters: number[]
    try {
      const clip = await pool.speak({
        text: segment.spoken,
        voice: recipe.voice,
        speed: recipe.speed,
        pauseSeconds: recipe.pauses[segment.pause],
        seed: `${key.recipe}${key.words}`,
      })
      chapters = await writer.put(key, clip)
      if (segment.nextAt > 0) await deleteFailure(this.#parts.db, key)
      const seconds = framesToSeconds(clip.frameSizes.length)
      pace.note(seconds, Date.now())
      announcer.tell({ kind: 'segment', segment: { ...news(task, 'spoken'), seconds } })
    } catch (error) {
      if (error instanceof PoolStopped || this.#stopped) return
      chapters = await this.#failed(task, error)
    }
    const touched = new Set(chapters)
    for (const waiting of this.#parts.agenda.waitingFor(key.recipe, touched)) {
      announcer.tell({ kind: 'progress', generationId: waiting.generation.id })
      await this.#settle(waiting)
    }
  }

  async #failed(task: Task, error: unknown): Promise<number[]> {
    const { db, book, announcer, log } = this.#parts
    const { failed, chapters } = await noteFailure(db, book, task.key, error, Date.now())
    log.warn({ ...failed, chapter: task.chapter.number, segment: task.segment.index }, 'a segment failed')
    if (!failed.setAside) this.#handOutAgain(task)
    announcer.tell({ kind: 'segment', segment: news(task, failed.setAside ? 'set-aside' : 'waiting') })
    return chapters
  }

  /** Read again, the line of its chapter holds the segment with the time of its next try. */
  #handOutAgain(task: Task): void {
    this.#lines.delete(lineId(task))
    if (!this.#works.some((work) => lineId(work) === lineId(task))) this.#works = this.#parts.agenda.works()
  }

  async #started({ generation }: Active): Promise<void> {
    await updateGeneration(this.#parts.db, generation.id, { startedAt: new Date().toISOString() })
    await this.#parts.agenda.reload()
    this.#parts.announcer.tell({ kind: 'generation', generationId: generation.id })
  }

  /** Writes down the end of a generation whose segments are all spoken or set aside. */
  async #settle(active: Active): Promise<void> {
    const { db, book, agenda, announcer } = this.#parts
    const { generation, chapters } = active
    const status = statusOf('run', true, await tallyOf(book, generation.recipe, chapters))
    if (status !== 'completed' && status !== 'failed') return
    await updateGeneration(db, generation.id, { completedAt: new Date().toISOString() })
    await agenda.reload()
    announcer.tell({ kind: 'generation', generationId: generation.id })
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer)
    if (time === Infinity) return
    this.#timer = setTimeout(() => this.#fillUnlessStopped(), Math.max(0, time - Date.now()))
  }

  #fillUnlessStopped(): void {
    if (this.#stopped) return
    this.fill().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'nothing could be handed out')
      this.#wakeAt(Date.now() + restMs)
    })
  }
}

function lineId({ active, chapter }: Work): string {
  return `${active.generation.recipe}/${chapter.id}`
}

function news({ chapter, segment, recipe }: Task, state: SegmentNews['state']): SegmentNews {
  return {
    novelId: chapter.novelId,
    chapterNumber: chapter.number,
    index: segment.index,
    voice: recipe.voice,
    speed: recipe.speed,
    state,
  }
}
