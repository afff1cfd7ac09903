import type { Logger } from 'pino'
import { type Casting, usesRecipe } from '../../novel/casting.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type SegmentInFlight, segmentsClaimedElsewhere } from '../../storage/queries/claim-queries.ts'
import type { SegmentStateEvent } from '../event-bus.ts'
import type { ActiveGenerations } from './active-generations.ts'
import type { SegmentsInFlight } from './leases.ts'

interface ClaimsElsewhereParts {
  readonly db: Database
  readonly activeGenerations: ActiveGenerations
  /** Id of this server. */
  readonly server: string
  readonly log: Logger
}

/** Maximum age of the answer. */
const refreshMs = 1000

/** What other servers are speaking, as of the last second. */
export class ClaimsElsewhere implements SegmentsInFlight, AsyncDisposable {
  readonly #parts: ClaimsElsewhereParts
  readonly #timer: NodeJS.Timeout
  #segments: readonly SegmentInFlight[] = []
  #byChapter: ReadonlyMap<number, readonly SegmentInFlight[]> = new Map()
  #refreshing: Promise<void> | undefined

  constructor(parts: ClaimsElsewhereParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.#refresh(), refreshMs).unref()
  }

  hasChapter(casting: Casting, chapterId: number): boolean {
    const segments = this.#byChapter.get(chapterId) ?? []
    return segments.some(({ recipe }) => usesRecipe(casting, recipe))
  }

  segmentEvents(): SegmentStateEvent[] {
    return this.#segments.map(({ novelId, chapterNumber, index, voice, speed }) => ({
      novelId,
      chapterNumber,
      index,
      voice,
      speed,
      state: 'speaking',
    }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#refreshing
  }

  /** Where nothing is to be spoken, the database is left in peace. */
  async #refresh(): Promise<void> {
    const { activeGenerations, log } = this.#parts
    if (this.#refreshing || (this.#segments.length === 0 && activeGenerations.all().length === 0)) return
    this.#refreshing = this.#read().catch((err: unknown) => {
      log.debug({ err }, 'what other servers speak could not be read')
    })
    await this.#refreshing
    this.#refreshing = undefined
  }

  async #read(): Promise<void> {
    this.#segments = await segmentsClaimedElsewhere(this.#parts.db, this.#parts.server)
    this.#byChapter = Map.groupBy(this.#segments, ({ chapterId }) => chapterId)
  }
}
