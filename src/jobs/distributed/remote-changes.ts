import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import { unfinishedGenerations } from '../../storage/queries/generation-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import type { SpeechServerBackends } from '../backends/speech-server-backend.ts'
import type { ApplicationEvent, EventBus } from '../event-bus.ts'
import { totalCounts } from '../generations/generation-progress.ts'
import { isKnownToLack } from '../generations/clip-counts.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import type { NovelDeletion } from '../maintenance/novel-deletion.ts'
import { type ActiveGeneration, type ActiveGenerations, hasChapter } from '../scheduler/active-generations.ts'
import type { Dispatcher } from '../scheduler/dispatcher.ts'
import type { PlaybackPriorities } from '../scheduler/playback-priorities.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'

export interface RemoteChangesParts {
  readonly db: Database
  readonly eventBus: EventBus
  readonly activeGenerations: ActiveGenerations
  readonly counts: ProgressCounts
  readonly deletions: NovelDeletion
  readonly dispatcher: Dispatcher
  readonly playbackPriorities: PlaybackPriorities
  readonly serverBackends: SpeechServerBackends
  readonly voices: VoiceRegistry
  readonly log: Logger
}

/** Between two rounds: what is published meanwhile is read once. */
const roundMs = 200
/** After a round that failed: a database that is away or overloaded is not helped by being asked five times a second. */
const retryMs = 2000
/** Time after which a change is found that was not published: its server died before it could. */
const checkMs = 30_000

/** Takes over what other servers changed: their events say what to read again. Close it by disposing of it. */
export class RemoteChanges implements AsyncDisposable {
  readonly #parts: RemoteChangesParts
  readonly #subscription: Disposable
  readonly #check: NodeJS.Timeout
  #generations = new Set<string>()
  #novels = new Set<string>()
  /** Ids of chapters whose clips changed. */
  #chapters = new Set<number>()
  #voices = false
  #dispatch = false
  #everything = false
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(parts: RemoteChangesParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe((event, remote) => remote && this.#receive(event))
    this.#check = setInterval(() => void this.#findUntold(), checkMs).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#subscription[Symbol.dispose]()
    clearInterval(this.#check)
    clearTimeout(this.#timer)
    await this.#working
  }

  /** What is shown at once is forgotten at once; the rest is read in the next round. */
  #receive(event: ApplicationEvent): void {
    const { counts, playbackPriorities } = this.#parts
    if (event.kind === 'chapters') {
      counts.changedElsewhere(event.ids)
      for (const id of event.ids) this.#chapters.add(id)
    } else if (event.kind === 'epoch') counts.clipsDeleted()
    else if (event.kind === 'playback') {
      playbackPriorities.update(event.novelId, event.chapterNumber, event.segment, Date.now())
      this.#dispatch = true
    } else if (event.kind === 'generation') this.#generations.add(event.id)
    else if (event.kind === 'novel') this.#novels.add(event.id)
    else if (event.kind === 'voices') this.#voices = true
    else if (event.kind === 'everything') {
      counts.forgetAll()
      this.#everything = true
    } else return
    this.#plan()
  }

  #plan(afterMs = roundMs): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#working = this.#working.then(() => this.#round())
    }, afterMs).unref()
  }

  async #round(): Promise<void> {
    const { log } = this.#parts
    const [everything, voices, dispatch] = [this.#everything, this.#voices, this.#dispatch]
    const [novels, generations, chapters] = [this.#novels, this.#generations, this.#chapters]
    this.#everything = this.#voices = this.#dispatch = false
    this.#novels = new Set()
    this.#generations = new Set()
    this.#chapters = new Set()
    try {
      if (voices || everything) await this.#reloadVoices()
      if (everything) await this.#reloadEverything()
      else {
        for (const id of novels) await this.#reloadNovel(id)
        for (const id of generations) await this.#reloadGeneration(id)
        await this.#settle([...chapters])
        if (dispatch) await this.#parts.dispatcher.dispatch()
      }
    } catch (err) {
      if (this.#stopped) return
      log.warn({ err }, 'changes of other servers could not be read, and everything is read again later')
      this.#everything = true
      this.#plan(retryMs)
    }
  }

  async #reloadEverything(): Promise<void> {
    const { db, dispatcher, playbackPriorities, deletions } = this.#parts
    await playbackPriorities.load(db, Date.now())
    await dispatcher.refresh({ chapters: true })
    deletions.work()
  }

  async #reloadVoices(): Promise<void> {
    const { voices, serverBackends, dispatcher } = this.#parts
    const before = new Map([...voices.servers].map((known) => [known.server.name, known]))
    await voices.reload()
    const names = new Set([...before.keys(), ...[...voices.servers].map(({ server: { name } }) => name)])
    for (const name of names) {
      if (!isDeepStrictEqual(before.get(name), voices.server(name))) serverBackends.forget(name)
    }
    await dispatcher.refresh()
  }

  async #reloadNovel(id: string): Promise<void> {
    const { db, activeGenerations, dispatcher, deletions } = this.#parts
    if (await novelById(db, id)) {
      // Its chapters may have been edited.
      for (const { generation } of activeGenerations.all())
        if (generation.novelId === id) await this.#reloadGeneration(generation.id)
      return
    }
    await dispatcher.removeNovel(id)
    deletions.work()
  }

  async #reloadGeneration(id: string): Promise<void> {
    const { db, activeGenerations, dispatcher } = this.#parts
    const chapters = await chaptersByGeneration(db, id)
    const known = activeGenerations.byId(id)
    const isGoingAlong = known?.generation.ahead !== undefined
    const rekeyed = known && !isGoingAlong && !isDeepStrictEqual(known.chapters, chapters)
    await (rekeyed ? dispatcher.refresh({ chapters: true }) : dispatcher.refreshOne(id, { chapters }))
  }

  /** Two servers may each store one of the last two clips: then neither has seen that all are there. */
  async #settle(chapterIds: readonly number[]): Promise<void> {
    const { activeGenerations, counts, dispatcher } = this.#parts
    const touched = (active: ActiveGeneration): boolean => chapterIds.some((id) => hasChapter(active, id))
    for (const { generation, chapters } of activeGenerations.all().filter(touched)) {
      if (isKnownToLack(counts, generation.casting, chapters)) continue
      const { done, setAside, total } = await totalCounts(counts, generation.casting, chapters)
      if (done + setAside >= total) await dispatcher.refreshOne(generation.id)
    }
  }

  async #findUntold(): Promise<void> {
    const { db, activeGenerations, log } = this.#parts
    try {
      const stored = new Map((await unfinishedGenerations(db)).map((each) => [each.id, each]))
      const known = activeGenerations.all().map(({ generation }) => generation)
      for (const { id } of known) if (!stored.has(id)) this.#generations.add(id)
      for (const [id, generation] of stored) {
        if (!isSame(activeGenerations.byId(id)?.generation, generation)) this.#generations.add(id)
      }
      if (this.#generations.size > 0) this.#plan()
    } catch (err) {
      log.warn({ err }, 'what other servers changed could not be looked for')
    }
  }
}

function isSame(known: Generation | undefined, stored: Generation): boolean {
  return (
    known?.desiredState === stored.desiredState &&
    known.priority === stored.priority &&
    known.place === stored.place &&
    known.startedAt === stored.startedAt &&
    known.casting.id === stored.casting.id
  )
}
