import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import type { Generation } from '../../novel/generation.ts'
import type { WebhookEvent } from '../../novel/webhook.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import {
  countSetAside,
  insertFinishedChapters,
  insertReadyChapters,
  readyChapters,
} from '../../storage/queries/ready-chapter-queries.ts'
import { insertDeliveries } from '../../storage/queries/webhook-delivery-queries.ts'
import { listWebhooks, webhooksWanting } from '../../storage/queries/webhook-queries.ts'
import type { EventBus } from '../event-bus.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import { type ActiveGeneration, type ActiveGenerations, hasChapter } from '../scheduler/active-generations.ts'
import { chapterReady, generationDone, type PendingEvent } from './webhook-payload.ts'

export interface WebhookOutboxParts {
  readonly db: Database
  readonly eventBus: EventBus
  readonly counts: Pick<ProgressCounts, 'of'>
  readonly activeGenerations: Pick<ActiveGenerations, 'all' | 'byId'>
  readonly log: Logger
}

/** Between two looks for chapters that are whole now: what changes meanwhile is looked at once. */
const lookMs = 250

/**
 * Writes what webhooks are to be told of, each event once. A generation's is written in the commit that completes it; a
 * chapter's when the counts say that it is whole, and at the latest before its generation is completed: until then every
 * start looks for those that were not written. Beside the commits of clips: a look costs a few counts from memory, and
 * none if no webhook wants it.
 */
export class WebhookOutbox implements AsyncDisposable {
  readonly #parts: WebhookOutboxParts
  readonly #subscription: Disposable
  readonly #listeners = new Set<() => void>()
  #wanted: ReadonlySet<WebhookEvent> = new Set()
  /** By id of an active generation, in this casting, the chapters that are noted as whole. */
  readonly #noted = new Map<string, { readonly casting: string; readonly chapters: Set<number> }>()
  /** Ids of generations whose counts changed. */
  #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(parts: WebhookOutboxParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe((event, remote) => {
      if (event.kind === 'webhooks' || event.kind === 'everything') this.#reloadInBackground()
      if (!this.wantsChapters) return
      if (event.kind === 'progress') this.#look([event.id])
      else if (event.kind === 'chapters' && remote)
        this.#look(this.#with(event.ids).map(({ generation }) => generation.id))
    })
  }

  /** Calls the listener when something was written that is to be sent. */
  onWritten(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Reads which events are wanted; looks for chapters that were whole when the last run ended. */
  async reload(): Promise<void> {
    const webhooks = await listWebhooks(this.#parts.db)
    this.#wanted = new Set(webhooks.filter(({ active }) => active).flatMap(({ events }) => events))
    if (this.wantsChapters)
      this.#look(this.#parts.activeGenerations.all().map(({ generation }) => generation.id))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#subscription[Symbol.dispose]()
    clearTimeout(this.#timer)
    await this.#looking
  }

  /** The chapters that are whole in a casting before anybody asks for them: no event is written for them. */
  async readyBefore(
    casting: Generation['casting'],
    chapters: readonly ChapterRow[],
  ): Promise<readonly number[]> {
    if (!this.wantsChapters) return []
    return await this.#whole(casting, chapters)
  }

  /**
   * In the transaction that makes a webhook want chapters: those that are whole already are noted, if no other webhook
   * wants them. `ready`: those of the active generations.
   */
  async beginChapters(commit: Database, ready: ReadonlyMap<string, readonly number[]>): Promise<void> {
    if ((await webhooksWanting(commit, 'chapter.ready')).length > 0) return
    await insertFinishedChapters(commit)
    for (const [casting, chapterIds] of ready) await insertReadyChapters(commit, casting, chapterIds)
  }

  /** By casting, the chapters of the active generations that are whole. */
  async readyNow(): Promise<Map<string, readonly number[]>> {
    const ready = new Map<string, readonly number[]>()
    for (const { generation, chapters } of this.#parts.activeGenerations.all()) {
      const { casting } = generation
      const whole = await this.#whole(casting, chapters)
      ready.set(casting.id, [...(ready.get(casting.id) ?? []), ...whole])
    }
    return ready
  }

  get wantsChapters(): boolean {
    return this.#wanted.has('chapter.ready')
  }

  /** A generation is about to be completed: its chapters' events come before its own. */
  async beforeCompletion(active: Pick<ActiveGeneration, 'generation' | 'chapters'>): Promise<void> {
    if (this.wantsChapters) await this.#writeChapters(active)
  }

  /** In the commit that completes a generation. Call `written` afterwards. */
  async completed(
    commit: Database,
    { generation, chapters }: Pick<ActiveGeneration, 'generation' | 'chapters'>,
  ): Promise<void> {
    this.#noted.delete(generation.id)
    if (!this.#wanted.has('generation.completed') && !this.#wanted.has('generation.failed')) return
    const novel = await novelById(commit, generation.novelId)
    // Of what somebody keeps to themselves nobody is told.
    if (!novel || novel.keeper !== null) return
    const setAside = await countSetAside(commit, generation.id, generation.casting)
    // It goes on with its listener: chapters are told of, and what could not be spoken.
    if (generation.ahead !== undefined && setAside.segments === 0) return
    const time = new Date().toISOString()
    await this.#insert(commit, [generationDone(novel, generation, chapters, setAside, time)])
  }

  written(): void {
    for (const listener of this.#listeners) listener()
  }

  #with(chapterIds: readonly number[]): ActiveGeneration[] {
    const { activeGenerations } = this.#parts
    return activeGenerations.all().filter((active) => chapterIds.some((id) => hasChapter(active, id)))
  }

  #look(generationIds: readonly string[]): void {
    if (this.#stopped || generationIds.length === 0) return
    for (const id of generationIds) this.#changed.add(id)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#looking = this.#looking.then(() => this.#lookThrough())
    }, lookMs).unref()
  }

  async #lookThrough(): Promise<void> {
    const { activeGenerations, log } = this.#parts
    const changed = [...this.#changed]
    this.#changed = new Set()
    try {
      for (const id of changed) {
        const active = activeGenerations.byId(id)
        if (active) await this.#writeChapters(active)
        else this.#noted.delete(id)
      }
    } catch (err) {
      if (this.#stopped) return
      log.warn({ err }, 'the chapters that are ready could not be noted, which is tried again')
      for (const id of changed) this.#changed.add(id)
      setTimeout(() => this.#look([...this.#changed]), 20 * lookMs).unref()
    }
  }

  /** Ids of those chapters of which every segment is spoken. */
  async #whole(casting: Generation['casting'], chapters: readonly ChapterRow[]): Promise<number[]> {
    const ids = chapters.map(({ id }) => id)
    const counts = await this.#parts.counts.of(casting, ids)
    return ids.filter((_, at) => counts[at]?.done === chapters[at]?.segmentCount)
  }

  /** Writes the events of the chapters of a generation that are whole and not noted as such. */
  async #writeChapters({
    generation,
    chapters,
  }: Pick<ActiveGeneration, 'generation' | 'chapters'>): Promise<void> {
    const { db } = this.#parts
    const { id, casting, novelId } = generation
    let noted = this.#noted.get(id)
    if (noted?.casting !== casting.id) {
      noted = { casting: casting.id, chapters: new Set(await readyChapters(db, id)) }
      this.#noted.set(id, noted)
    }
    const { chapters: known } = noted
    const whole = await this.#whole(
      casting,
      chapters.filter((chapter) => !known.has(chapter.id)),
    )
    if (whole.length === 0) return
    const isWritten = await db.transaction().execute(async (commit) => {
      // Of one in the trash they are noted when it is back.
      const novel = await novelById(commit, novelId)
      if (!novel) return undefined
      const added = new Set(await insertReadyChapters(commit, casting.id, whole))
      const time = new Date().toISOString()
      const events = chapters
        .filter((chapter) => novel.keeper === null && added.has(chapter.id))
        .map((chapter) => chapterReady(novel, chapter, generation, time))
      return await this.#insert(commit, events)
    })
    if (isWritten === undefined) return
    for (const chapterId of whole) known.add(chapterId)
    if (isWritten) this.written()
  }

  /** Returns whether any webhook subscribes to it. */
  async #insert(commit: Database, events: readonly PendingEvent[]): Promise<boolean> {
    const deliveries = []
    const wanting = new Map<WebhookEvent, Awaited<ReturnType<typeof webhooksWanting>>>()
    for (const { id: eventId, type, novelId, body } of events) {
      const webhooks = wanting.get(type) ?? (await webhooksWanting(commit, type))
      wanting.set(type, webhooks)
      for (const { id: webhookId, links } of webhooks)
        deliveries.push({ id: uuidv7(), webhookId, novelId, eventId, type, body: body(links) })
    }
    await insertDeliveries(commit, deliveries)
    return deliveries.length > 0
  }

  #reloadInBackground(): void {
    this.reload().catch((err: unknown) => {
      if (!this.#stopped) this.#parts.log.warn({ err }, 'the webhooks could not be read')
    })
  }
}
