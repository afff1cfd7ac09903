import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Segment } from '../../novel/segment.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  type ClaimedSegment,
  claimSegments,
  rangeState,
  type RangeState,
  releaseClaims,
  releaseSpokenClaims,
  renewClaims,
  type SegmentRange,
} from '../../storage/queries/claim-queries.ts'
import { segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { uuidOfServer } from '../servers/server-ids.ts'
import type { PendingChapter } from './active-generations.ts'
import type { Lease, Leases } from './leases.ts'
import type { AvailableParts } from './speakable-recipes.ts'

interface HeldClaimsParts {
  readonly db: Database
  /** Id of this server; the ids of its leases begin with it. */
  readonly server: string
  /** Milliseconds after which a claim lapses of which nothing is heard. */
  readonly leaseMs: number
  /** Those in flight on this server. */
  readonly leases: Leases
  readonly log: Logger
}

/** How often a claim is renewed before it would lapse. */
const renewals = 3
/** Two claims at the same moment find the same segment, and one of them nothing. */
const tries = 3
/** Chapters whose texts are kept: a server speaks in few at a time. */
const cachedChapters = 200

/** The claims of this server, renewed until they are given up or it dies. */
export class HeldClaims implements AsyncDisposable {
  readonly #parts: HeldClaimsParts
  readonly #ids = new Set<string>()
  readonly #segments = new LRUCache<number, readonly Segment[]>({ max: cachedChapters })
  readonly #timer: NodeJS.Timeout
  #renewing: Promise<void> | undefined

  constructor(parts: HeldClaimsParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.#renew(), parts.leaseMs / renewals).unref()
  }

  /**
   * Leases up to `limit` segments of a range, the first that are missing, due and free, in one of the available recipes,
   * or tells why there is none: `free` is above zero only where others were faster several times.
   */
  async lease(
    { active, chapter }: PendingChapter,
    available: AvailableParts,
    { from, to }: { readonly from: number; readonly to: number },
    now: number,
    limit = 1,
  ): Promise<readonly Lease[] | RangeState> {
    const { casting } = active.generation
    const range = { casting, chapterId: chapter.id, from, to, recipes: [...available.keys()] }
    for (;;) {
      const found = await this.#claim(range, now, limit)
      if (!isFound(found)) return found
      const leases: Lease[] = []
      for (const segment of found) {
        // Its claim lapsed while it was spoken here: that goes on.
        if (this.#parts.leases.has(segment.key)) {
          this.forget(segment.lease)
          continue
        }
        const lease = await this.#leaseOf({ active, chapter }, available, segment)
        if (lease) leases.push(lease)
        else {
          // The chapter was replaced meanwhile.
          await this.release(found.map((each) => each.lease))
          return { wanted: false, missing: 0, free: 0, waitMs: undefined }
        }
      }
      if (leases.length > 0) return leases
    }
  }

  /** The claim went with the commit of the clip. */
  forget(lease: string): void {
    this.#ids.delete(lease)
  }

  /** Their segments are free again. */
  async release(leases: readonly string[]): Promise<void> {
    const held = leases.filter((lease) => this.#ids.delete(lease))
    if (held.length > 0) await releaseClaims(this.#parts.db, held)
  }

  /** Gives all claims back. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
    if (this.#ids.size > 0) await releaseClaims(this.#parts.db, [...this.#ids])
    this.#ids.clear()
  }

  async #claim(
    range: SegmentRange,
    now: number,
    limit: number,
  ): Promise<readonly ClaimedSegment[] | RangeState> {
    const { db, server, leaseMs } = this.#parts
    for (let attempt = 1; ; attempt++) {
      const leases = Array.from({ length: limit }, () => uuidOfServer(server))
      const claimed = await claimSegments(db, range, { leases, server, leaseMs, now })
      for (const { lease } of claimed) this.#ids.add(lease)
      const missing = claimed.length > 0 ? await this.#withoutSpoken(claimed) : []
      if (missing.length > 0) return missing
      const state = await rangeState(db, range, now)
      if (!state.wanted || state.free === 0 || attempt >= tries) return state
    }
  }

  async #withoutSpoken(claimed: readonly ClaimedSegment[]): Promise<readonly ClaimedSegment[]> {
    const leases = claimed.map(({ lease }) => lease)
    const spoken = await releaseSpokenClaims(this.#parts.db, leases).catch((error: unknown) => {
      // They lapse: nobody speaks them.
      for (const lease of leases) this.#ids.delete(lease)
      throw error
    })
    for (const lease of spoken) this.#ids.delete(lease)
    return claimed.filter(({ lease }) => !spoken.has(lease))
  }

  async #leaseOf(
    work: PendingChapter,
    available: AvailableParts,
    { lease: id, key, index, attempts }: ClaimedSegment,
  ): Promise<Lease | undefined> {
    const segment = (await this.#segmentsOf(work.chapter.id))[index]
    const part = available.get(key.recipe)
    if (!segment || !part) return undefined
    const { spoken, pause, opening, role = 0 } = segment
    const missing = { recipe: key.recipe, textHash: key.words, role, nextAt: 0 }
    return {
      ...work,
      ...part,
      id,
      key,
      attempts,
      segment: { index, spoken, pause, ...(opening && { opening }), ...missing },
    }
  }

  async #segmentsOf(chapterId: number): Promise<readonly Segment[]> {
    const known = this.#segments.get(chapterId)
    if (known) return known
    const segments = await segmentsOf(this.#parts.db, chapterId)
    this.#segments.set(chapterId, segments)
    return segments
  }

  /** One that has lapsed meanwhile may be another's; its clip is kept all the same, whichever comes first. */
  async #renew(): Promise<void> {
    if (this.#renewing || this.#ids.size === 0) return
    const { db, leaseMs, log } = this.#parts
    this.#renewing = renewClaims(db, [...this.#ids], leaseMs).then(
      () => undefined,
      (err: unknown) => log.warn({ err }, 'the claims of this server could not be renewed'),
    )
    await this.#renewing
    this.#renewing = undefined
  }
}

export function isFound<Found>(found: readonly Found[] | RangeState): found is readonly Found[] {
  return Array.isArray(found)
}
