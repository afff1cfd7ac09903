import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChapterRow } from '../database/chapters.ts'
import type { Database } from '../database/tables.ts'
import { updateGeneration } from '../database/generations.ts'
import { isStorageTrouble } from '../database/sqlite-errors.ts'
import { type Clip, framesToSeconds } from '../novel/clip.ts'
import { statusOf } from '../novel/generation.ts'
import type { ClipKey } from '../novel/recipe.ts'
import { PoolStopped } from '../speech/speaker-pool.ts'
import type { Active, Agenda } from './agenda.ts'
import type { Announcer, SegmentNews } from './announce.ts'
import type { ClipWriter } from './clip-writer.ts'
import { InHand, newsOf, type Task } from './in-hand.ts'
import { type Lanes, NotNow } from './lanes.ts'
import { noteFailure, postpone, seedOf } from './note-failure.ts'
import type { PlayHeads } from './play-heads.ts'
import type { TallyBook } from './tally-book.ts'
import { Turns } from './turns.ts'
import type { Voices } from './voices.ts'
import { renewRecipe } from './begun-recipe.ts'
import { type Outdated, WorkList } from './work-list.ts'

export interface DispatcherParts {
  readonly db: Database
  readonly lanes: Lanes
  readonly voices: Voices
  readonly agenda: Agenda
  readonly book: TallyBook
  readonly writer: ClipWriter
  readonly heads: PlayHeads
  readonly announcer: Announcer
  readonly log: Logger
  /** Whether nothing may be handed out. */
  readonly halted: () => boolean
  /** Told what went wrong around a segment without being its fault, and (`undefined`) when one went well again. */
  readonly onTrouble: (error: unknown) => void
}

/** After something broke that should not have. */
const restMs = 2000

/**
 * Hands segments to the lanes that speak them, the most urgent first, and takes clips back. It holds nothing that the
 * database does not know: after a crash the same rows give the same work. A speaker gets its next segment when the clip
 * of the last is durable, so a crash costs each speaker at most the one segment in its hands.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #turns = new Turns()
  readonly #inHand = new InHand()
  readonly #list: WorkList
  readonly #tasks = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#list = new WorkList({ ...parts, inHand: this.#inHand })
  }

  /** The chapters that are being spoken at this moment, by recipe. */
  isInHand(recipe: string, chapterId: number): boolean {
    return this.#inHand.hasChapter(recipe, chapterId)
  }

  /** What is being spoken at this moment. */
  segmentsInHand(): SegmentNews[] {
    return this.#inHand.news()
  }

  /** The rows have changed: reads them again and hands out what is due. */
  async refresh(): Promise<void> {
    await this.#turns.take(async () => {
      await this.#parts.agenda.reload()
      this.#list.renew()
      for (const active of this.#parts.agenda.all()) await this.#settle(active)
    })
    await this.fill()
  }

  /**
   * One generation came, or changed: what it wants is looked up anew, all else is as it was. `chapters`: its chapters,
   * if they are at hand.
   */
  async look(id: string, chapters?: readonly ChapterRow[]): Promise<void> {
    await this.#turns.take(async () => {
      const active = await this.#parts.agenda.reread(id, chapters)
      if (!active) return
      this.#list.include(active)
      await this.#settle(active)
    })
    await this.fill()
  }

  /** In these chapters there is something to speak again in a recipe, for whoever waits for them. */
  async reopen(recipe: string, chapterIds: readonly number[]): Promise<void> {
    await this.#turns.take(async () => this.#list.reopen(recipe, chapterIds))
    await this.fill()
  }

  /** A novel is hidden: nothing of it is handed out any more. */
  async withdraw(novelId: string): Promise<void> {
    await this.#turns.take(() => this.#parts.agenda.removeNovel(novelId))
    await this.fill()
  }

  /** Gives every lane with room something to do. */
  async fill(): Promise<void> {
    await this.#turns.take(async () => {
      while (!this.#stopped && !this.#parts.halted()) {
        const next = await this.#next(Date.now())
        if (!next) break
        if ('outdated' in next) await this.#renew(next.outdated)
        else this.#handOut(next)
      }
    })
  }

  /** Hands nothing out any more and waits until what the speakers held is written or given back. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all(this.#tasks)
  }

  async #next(now: number): Promise<Task | Outdated | undefined> {
    const { agenda, lanes } = this.#parts
    const room = this.#inHand.lanesWithRoom(agenda, lanes, now)
    const next = room.lanes.size === 0 ? Infinity : await this.#list.next(room.lanes, now)
    if (typeof next !== 'number') return next
    this.#wakeAt(Math.min(room.wakeAt, next))
    return undefined
  }

  /** Its sound would not be the one that its key stands for. What cannot be renewed waits for a change. */
  async #renew(active: Active): Promise<void> {
    const { agenda, announcer } = this.#parts
    const { id } = active.generation
    if (!(await renewRecipe(this.#parts, active.generation))) return this.#list.withhold(active)
    const renewed = await agenda.reread(id)
    if (!renewed) return
    this.#list.include(renewed)
    announcer.tell({ kind: 'generation', id })
    await this.#settle(renewed)
  }

  #handOut(task: Task): void {
    this.#inHand.add(task)
    const done = this.#perform(task)
      .then(() => this.#parts.onTrouble(undefined))
      .catch(async (error: unknown) => {
        // Nobody knows what became of it, so the database is asked again, after a rest. No attempt is counted: what
        // the engine did is not what went wrong.
        this.#parts.log.error({ err: error }, 'a segment could not be dealt with and is tried again')
        this.#parts.onTrouble(error)
        if (!this.#stopped) await wait(restMs)
        await this.#putBack(task)
      })
      .finally(() => {
        this.#inHand.delete(task)
        this.#tasks.delete(done)
        this.#fillUnlessStopped()
      })
    this.#tasks.add(done)
  }

  async #perform(task: Task): Promise<void> {
    const { key, segment, recipe, active, lane, attempts } = task
    const { writer, announcer, voices, log } = this.#parts
    if (!this.#parts.agenda.byId(active.generation.id)?.generation.startedAt) await this.#started(active)
    // Its voice may have changed since it was taken out of the line.
    if (!voices.canSpeak(task)) return this.#putBack(task)
    announcer.tell({ kind: 'segment', segment: newsOf(task, 'speaking') })
    log.debug({ ...key, chapter: task.chapter.number, segment: segment.index }, 'speaking')
    let clip: Clip
    try {
      clip = await lane.speak({
        text: segment.spoken,
        voice: recipe.voice,
        speed: recipe.speed,
        paced: recipe.pace !== undefined,
        accent: recipe.accent,
        leadSeconds: segment.opening && recipe.pauses.opening,
        pauseSeconds: recipe.pauses[segment.pause],
        seed: seedOf(key, attempts),
      })
    } catch (error) {
      if (error instanceof PoolStopped || this.#stopped) return
      if (error instanceof NotNow) return this.#waits(task, error)
      // A speech server's characters and measures are in the database, too.
      if (isStorageTrouble(error)) throw error
      return this.#touched(key, await this.#failed(task, error))
    }
    // From here on the engine has done its part: whatever goes wrong now is the studio's own trouble.
    let chapters: number[]
    try {
      chapters = await writer.put(key, clip)
    } catch (error) {
      if (this.#stopped) return
      throw error
    }
    const seconds = framesToSeconds(clip.frameSizes.length)
    lane.pace.note(seconds, Date.now())
    announcer.tell({ kind: 'segment', segment: { ...newsOf(task, 'spoken'), seconds } })
    await this.#touched(key, chapters)
  }

  /** The counts of these chapters have moved. */
  async #touched({ recipe }: ClipKey, chapters: readonly number[]): Promise<void> {
    for (const waiting of this.#parts.agenda.waitingFor(recipe, chapters)) {
      this.#parts.announcer.tell({ kind: 'progress', id: waiting.generation.id })
      await this.#settle(waiting)
    }
  }

  /** A segment comes back unspoken: read again, its chapter holds it with the time of its next try. */
  #putBack({ key, chapter }: Task): Promise<void> {
    return this.#turns.take(async () => this.#list.reopen(key.recipe, [chapter.id]))
  }

  async #failed(task: Task, error: unknown): Promise<number[]> {
    const { db, book, announcer, log } = this.#parts
    const { failed, chapters } = await noteFailure(db, book, task.key, error, Date.now())
    log.warn({ ...failed, chapter: task.chapter.number, segment: task.segment.index }, 'a segment failed')
    if (!failed.setAside) await this.#putBack(task)
    announcer.tell({ kind: 'segment', segment: newsOf(task, failed.setAside ? 'set-aside' : 'waiting') })
    return chapters
  }

  /** Its lane rests, and the generations that are spoken there say why. */
  async #waits(task: Task, { message, suspect }: NotNow): Promise<void> {
    const { db, book, agenda, announcer, log } = this.#parts
    if (suspect) {
      const back = task.lane.restsUntil(task.recipe.voice)
      await postpone(
        db,
        book,
        task.key,
        message,
        Math.max(Date.now(), Number.isFinite(back) ? back : 0) + restMs,
      )
    }
    log.info(
      { reason: message, chapter: task.chapter.number, segment: task.segment.index },
      'a segment waits',
    )
    await this.#putBack(task)
    announcer.tell({ kind: 'segment', segment: newsOf(task, 'waiting') })
    for (const { generation } of agenda.all()) {
      if (generation.voice === task.recipe.voice) announcer.tell({ kind: 'progress', id: generation.id })
    }
  }

  async #started({ generation }: Active): Promise<void> {
    await updateGeneration(this.#parts.db, generation.id, { startedAt: new Date().toISOString() })
    await this.#parts.agenda.reread(generation.id)
    this.#parts.announcer.tell({ kind: 'generation', id: generation.id })
  }

  /** Writes down the end of a generation whose segments are all spoken or set aside. */
  async #settle(active: Active): Promise<void> {
    const { db, book, agenda, announcer } = this.#parts
    const { generation, chapters, total } = active
    const status = statusOf('run', true, { total, ...(await book.sum(generation.recipe, chapters)) })
    if (status !== 'completed' && status !== 'failed') return
    await updateGeneration(db, generation.id, { completedAt: new Date().toISOString() })
    await agenda.reread(generation.id)
    announcer.tell({ kind: 'generation', id: generation.id })
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
      this.#parts.onTrouble(error)
      this.#wakeAt(Date.now() + restMs)
    })
  }
}
