import { WebhookOutbox } from '../../src/jobs/webhooks/webhook-outbox.ts'
import { v7 as uuidv7 } from 'uuid'
import pino from 'pino'
import { InProcessEventBus } from '../../src/jobs/in-process/in-process-event-bus.ts'
import { InProcessJobQueue } from '../../src/jobs/in-process/in-process-job-queue.ts'
import type { HeldJob, JobQueue } from '../../src/jobs/job-queue.ts'
import { type SpeechBackend, Throughput } from '../../src/jobs/backends/speech-backends.ts'
import { ProgressCounts } from '../../src/jobs/generations/progress-counts.ts'
import { ActiveGenerations } from '../../src/jobs/scheduler/active-generations.ts'
import { ClaimSource } from '../../src/jobs/scheduler/claim-source.ts'
import { GenerationCompletion } from '../../src/jobs/scheduler/generation-completion.ts'
import { GenerationPlanner } from '../../src/jobs/scheduler/generation-planner.ts'
import { type Lease, Leases } from '../../src/jobs/scheduler/leases.ts'
import { PendingWork } from '../../src/jobs/scheduler/pending-work.ts'
import { PlaybackPriorities } from '../../src/jobs/scheduler/playback-priorities.ts'
import { recordFailure } from '../../src/jobs/scheduler/segment-results.ts'
import type { Outdated, SegmentSource } from '../../src/jobs/scheduler/segment-source.ts'
import { VoiceRegistry } from '../../src/jobs/voices/voice-registry.ts'
import { castingOf } from '../../src/novel/casting.ts'
import { type Recipe, recipeHash } from '../../src/novel/clip.ts'
import type { DesiredState, Generation } from '../../src/novel/generation.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { RowClipStore } from '../../src/storage/clips/row-clip-store.ts'
import { InProcessLock } from '../../src/storage/in-process/in-process-lock.ts'
import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { insertGeneration, updateGeneration } from '../../src/storage/queries/generation-queries.ts'
import { moveInQueue, type QueueDestination } from '../../src/storage/queries/queue-order-queries.ts'
import type { EngineInfo } from '../../src/speech/worker/worker-protocol.ts'
import { insertSmallNovel, someClip } from '../fixtures/small-novel.ts'
import { waitUntil } from './wait-until.ts'
import { insertDesk } from './speech-desk.ts'

export const ownVoice = 'odd:hum'
export const serverVoice = 'server:desk:bella'

export const oddEngine: EngineInfo = {
  name: 'odd',
  version: 'odd-1',
  voices: [{ id: ownVoice, engine: 'odd', name: 'Hum', language: 'en', neural: true }],
}

/** What is the same for all servers of a database. */
export interface SharedWorld {
  readonly db: Database
  readonly jobs: JobQueue
}

const log = pino({ level: 'silent' })

/** A backend that only says how much it takes. */
export class OpenBackend implements SpeechBackend {
  readonly throughput = new Throughput()
  capacity = 1000
  /** Epoch milliseconds. */
  restsUntil = 0
  availableAt = () => this.restsUntil
  message = () => undefined
  speak = () => Promise.reject(new Error('nothing is spoken here'))
}

interface RequestedNovel {
  readonly novelId: string
  readonly generation: Generation
}

interface RequestOptions {
  readonly priority?: number
  /** ISO 8601; left out: now. */
  readonly createdAt?: string
  /** Of each segment of each chapter its role: 1 is the speech server's. */
  readonly roles?: readonly (readonly number[])[]
}

interface SourceWorldOptions {
  readonly server?: string
  readonly leaseMs?: number
  /** Milliseconds between two looks for generations that nobody works on. */
  readonly lookEveryMs?: number
}

/** The parts of a server that hand out segments, and their outcomes as the dispatcher writes them down. */
export class SourceWorld implements AsyncDisposable {
  readonly db: Database
  readonly source: SegmentSource
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities = new PlaybackPriorities()
  readonly voices: VoiceRegistry
  readonly counts: ProgressCounts
  readonly completion: GenerationCompletion
  readonly backends = new Map<string, OpenBackend>([
    [ownVoice, new OpenBackend()],
    [serverVoice, new OpenBackend()],
  ])
  readonly log = log
  readonly #leases = new Leases()
  readonly #jobs: JobQueue
  readonly #taken: HeldJob<unknown>[] = []
  readonly #server: string
  readonly #closing = new AsyncDisposableStack()

  private constructor(
    { db, jobs }: SharedWorld,
    kind: 'pending' | 'claims',
    { server = 'here', leaseMs = 30_000, lookEveryMs }: SourceWorldOptions,
  ) {
    this.db = db
    this.#jobs = jobs
    this.#server = server
    this.activeGenerations = new ActiveGenerations(db)
    this.voices = new VoiceRegistry({
      db,
      engines: [oddEngine],
      pauses: { sentence: 0.2, paragraph: 0.5, section: 1, opening: 0.5 },
    })
    this.counts = new ProgressCounts(db, new RowClipStore(db))
    const eventBus = new InProcessEventBus(log)
    this.completion = new GenerationCompletion({
      db,
      activeGenerations: this.activeGenerations,
      counts: this.counts,
      eventBus,
      outbox: new WebhookOutbox({
        db,
        eventBus,
        counts: this.counts,
        activeGenerations: this.activeGenerations,
        log,
      }),
    })
    const { activeGenerations, playbackPriorities, voices, counts, completion } = this
    const leases = this.#leases
    if (kind === 'pending') {
      this.source = new PendingWork({
        server,
        db,
        counts,
        activeGenerations,
        playbackPriorities,
        leases,
        voices,
      })
      return
    }
    const backends = { of: (voice: string) => this.backends.get(voice)! }
    const onAvailable = () => undefined
    const parts = {
      db,
      jobs: this.#watched(jobs),
      activeGenerations,
      playbackPriorities,
      voices,
      backends,
      leases,
      log,
    }
    const planning = { ...parts, completion, lock: new InProcessLock() }
    this.#closing.use(new GenerationPlanner({ ...planning, ...(lookEveryMs && { lookEveryMs }) }))
    this.source = this.#closing.use(new ClaimSource({ ...parts, server, leaseMs, onAvailable }))
  }

  static async open(
    shared: SharedWorld,
    kind: 'pending' | 'claims',
    options: SourceWorldOptions = {},
  ): Promise<SourceWorld> {
    const world = new SourceWorld(shared, kind, options)
    await world.voices.reload()
    await world.activeGenerations.reload()
    return world
  }

  /** Asks for a novel of these sentences, each a segment. */
  async request(
    chapters: readonly (readonly string[])[],
    { priority = 0, roles, createdAt = new Date().toISOString() }: RequestOptions = {},
  ): Promise<RequestedNovel> {
    const { db, source, activeGenerations } = this
    const novelId = await insertSmallNovel(db, chapters, roles && { roles })
    const recipes = [ownVoice, serverVoice].map((voice) => this.recipeOf(voice))
    const [own, other] = recipes.map(recipeHash) as [string, string]
    const generation: Generation = {
      id: uuidv7(),
      novelId,
      voice: ownVoice,
      speed: 1,
      casting: castingOf(own, roles ? [{ role: 1, recipe: other }] : []),
      priority,
      desiredState: 'run',
      createdAt,
    }
    const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
    await insertGeneration(db, generation, recipes, ids)
    const active = await activeGenerations.reloadOne(generation.id)
    source.include(active!)
    await this.plan(generation.id)
    return { novelId, generation }
  }

  /** Cuts what is missing into runs, where there are any. */
  async plan(...ids: string[]): Promise<void> {
    await this.source.plan?.(ids)
    await waitUntil(async () => {
      const plans = (await this.#jobs.counts()).get('plan')
      return !plans || plans.waiting + plans.active === 0
    })
  }

  async control(id: string, desiredState: DesiredState): Promise<void> {
    await updateGeneration(this.db, id, { desiredState })
    const active = await this.activeGenerations.reloadOne(id)
    if (active) this.source.include(active)
    if (desiredState === 'run') await this.plan(id)
  }

  async move(id: string, destination: QueueDestination): Promise<void> {
    const moved = await this.db.transaction().execute((commit) => moveInQueue(commit, id, destination))
    for (const each of moved!.changed) this.source.include((await this.activeGenerations.reloadOne(each))!)
    await this.plan(...moved!.toRun)
  }

  recipeOf(voice: string): Recipe {
    return this.voices.recipe({ voice, speed: 1, language: 'en' })
  }

  /** Whatever comes first; a lease is in flight from then on. */
  async next(voices: readonly string[] = [ownVoice, serverVoice]): Promise<Lease | Outdated | number> {
    const backends = new Map(voices.map((voice) => [voice, this.backends.get(voice)!]))
    const found = await this.source.next(backends, Date.now())
    if (typeof found === 'object' && 'key' in found) this.#leases.add(found)
    return found
  }

  /** The next segment; `undefined` if there is none now. */
  async lease(voices?: readonly string[]): Promise<Lease | undefined> {
    const found = await this.next(voices)
    return typeof found === 'object' && 'key' in found ? found : undefined
  }

  /** All that there is now. */
  async leaseAll(voices?: readonly string[]): Promise<Lease[]> {
    const leased = []
    for (let lease; (lease = await this.lease(voices));) leased.push(lease)
    return leased
  }

  async spoken(lease: Lease): Promise<void> {
    const occurrences = await this.counts.put([{ key: lease.key, clip: someClip(1) }])
    await this.completion.countsChanged(lease.key.recipe, occurrences.flat())
    await this.#end(lease, 'spoken')
  }

  /** `waits: false`: it is due again at once. */
  async failed(lease: Lease, { waits = true } = {}): Promise<void> {
    const error = new Error('it cannot be said')
    const now = waits ? Date.now() : 0
    const { failed } = await recordFailure(this.db, this.counts, lease.key, error, now)
    if (!failed.setAside) this.#requeue(lease)
    await this.#end(lease, 'failed')
  }

  async released(lease: Lease): Promise<void> {
    this.#requeue(lease)
    await this.#end(lease, 'released')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing.disposeAsync()
  }

  /** Nothing is heard of the server any more: its claims have lapsed, and the queue has taken its runs back. */
  async die(): Promise<void> {
    await this.db.updateTable('claims').set({ until: 0 }).where('server', '=', this.#server).execute()
    for (const job of this.#taken) await job.release()
  }

  #watched(jobs: JobQueue): JobQueue {
    const take: JobQueue['take'] = async (name, limit) => {
      const taken = await jobs.take(name, limit)
      this.#taken.push(...taken)
      return taken
    }
    return new Proxy(jobs, {
      get(target, property) {
        if (property === 'take') return take
        const value: unknown = Reflect.get(target, property)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #requeue({ key, chapter, segment }: Lease): void {
    this.source.requeue(key.recipe, [{ chapterId: chapter.id, role: segment.role, times: 1 }])
  }

  async #end(lease: Lease, outcome: 'spoken' | 'failed' | 'released'): Promise<void> {
    await this.source.ended?.(lease, outcome)
    this.#leases.delete(lease)
  }
}

/** An empty database with a speech server, and a job queue. */
export async function sharedWorld(db: Database): Promise<SharedWorld> {
  await insertDesk(db, 'http://desk:8880/v1', 'bella')
  return { db, jobs: new InProcessJobQueue(log) }
}
