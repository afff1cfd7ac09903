import type { Logger } from 'pino'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  addVersion,
  castOf,
  castsOfSeries,
  castStateOf,
  endAnalysis,
  wantAnalysis,
  wantedAnalyses,
} from '../../storage/queries/cast-queries.ts'
import { saveChapterLines } from '../../storage/queries/chapter-line-queries.ts'
import { chaptersOf, storedBlocks } from '../../storage/queries/chapter-queries.ts'
import { lockNovel, novelById } from '../../storage/queries/novel-queries.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { EventBus } from '../event-bus.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'
import { runCastTask } from './cast-tasks.ts'

interface CastAnalysisParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly eventBus: EventBus
  readonly log: Logger
}

/** After an error of the database. */
const retryDelayMs = 5000

/**
 * Finds in the background who speaks in novels, one at a time on each server. Requests are committed before they are
 * answered, so that a killed server resumes them. Close it with `stop`.
 */
export class CastAnalysis {
  readonly #parts: CastAnalysisParts
  #worker: JobWorker | undefined
  #stopped = false

  constructor(parts: CastAnalysisParts) {
    this.#parts = parts
  }

  /** Requests an analysis; durable when it returns. Throws `novel.unknown`. */
  async request(novelId: string): Promise<void> {
    const { db } = this.#parts
    await db.transaction().execute(async (commit) => {
      if (!(await lockNovel(commit, novelId))) throw new Failure('novel.unknown', { novelId })
      await wantAnalysis(commit, novelId)
      await this.#send(novelId, commit)
    })
    this.#start()
  }

  /** Takes up the analyses that are not done. */
  work(): void {
    this.#start()
    this.#takeUp().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'unfinished analyses could not be taken up')
    })
  }

  /** Aborts the one under way; the next start begins it anew. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#worker?.[Symbol.asyncDispose]()
  }

  async #takeUp(): Promise<void> {
    const { db } = this.#parts
    for (const novelId of await wantedAnalyses(db)) await this.#send(novelId, db)
  }

  async #send(novelId: string, db: Database): Promise<void> {
    await this.#parts.jobs.send('analyse-cast', { novelId }, { singletonKey: novelId, transaction: db })
  }

  #start(): void {
    if (this.#stopped) return
    this.#worker ??= this.#parts.jobs.work(
      'analyse-cast',
      { concurrency: () => 1, retries: Infinity, backoffMs: () => retryDelayMs },
      ({ novelId }, { signal }) => this.#analyse(novelId, signal),
    )
  }

  async #analyse(novelId: string, signal: AbortSignal): Promise<void> {
    const { db, eventBus, log } = this.#parts
    const novel = await novelById(db, novelId)
    if (!novel || (await castStateOf(db, novelId)).analysis !== 'wanted') return
    try {
      await this.#find(novelId, novel.language, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
      log.warn({ err: error, novel: novelId }, 'who speaks in a novel could not be found')
      await endAnalysis(db, novelId, 'failed')
    } finally {
      eventBus.publish({ kind: 'novel', id: novelId })
    }
  }

  async #find(novelId: string, language: string, signal: AbortSignal): Promise<void> {
    const { db, log } = this.#parts
    const chapters: { id: number; blocks: string }[] = []
    for (const { id } of await chaptersOf(db, novelId)) {
      const blocks = (await storedBlocks(db, [id])).get(id)
      if (blocks !== undefined) chapters.push({ id, blocks })
      await yieldToEventLoop()
    }
    const startedAt = performance.now()
    const analysis = await runCastTask({ kind: 'analyse', language, chapters }, signal)
    await saveChapterLines(db, analysis.chapters)
    signal.throwIfAborted()
    const earlier = await castsOfSeries(db, novelId)
    const { proposeCast } = await import('../../cast/cast-proposal.ts')
    await db.transaction().execute(async (commit) => {
      if (!(await lockNovel(commit, novelId))) return
      const { cast, state } = await castOf(commit, novelId)
      const proposed = proposeCast(cast, analysis.found, state.version === 0 ? earlier : [])
      if (JSON.stringify(proposed) !== JSON.stringify(cast) || state.version === 0)
        await addVersion(commit, novelId, state, proposed)
      await endAnalysis(commit, novelId, 'done')
    })
    const characters = analysis.found.length
    log.info(
      { novel: novelId, characters, ms: Math.round(performance.now() - startedAt) },
      'found who speaks in a novel',
    )
  }
}
