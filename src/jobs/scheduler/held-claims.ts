import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import {
  type ClaimedSegment,
  claimSegment,
  rangeState,
  type RangeState,
  releaseClaims,
  renewClaims,
  type SegmentRange,
} from '../../storage/queries/claim-queries.ts'

interface HeldClaimsParts {
  readonly db: Database
  /** Id of this server; the ids of its leases begin with it. */
  readonly server: string
  /** Milliseconds after which a claim lapses of which nothing is heard. */
  readonly leaseMs: number
  readonly log: Logger
}

/** How often a claim is renewed before it would lapse. */
const renewals = 3
/** Two claims at the same moment find the same segment, and one of them nothing. */
const tries = 3

/** The claims of this server, renewed until they are given up or it dies. */
export class HeldClaims implements AsyncDisposable {
  readonly #parts: HeldClaimsParts
  readonly #leases = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #renewing: Promise<void> | undefined

  constructor(parts: HeldClaimsParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.#renew(), parts.leaseMs / renewals).unref()
  }

  /**
   * Claims the first segment of a range that is missing, due and free, or tells why there is none. `state.free` is above
   * zero only where others were faster several times.
   */
  async claim(
    range: SegmentRange,
    now: number,
  ): Promise<{ readonly lease: string; readonly segment: ClaimedSegment } | RangeState> {
    const { db, server, leaseMs } = this.#parts
    for (let attempt = 1; ; attempt++) {
      const lease = `${server}.${randomUUID()}`
      const segment = await claimSegment(db, range, { lease, server, leaseMs, now })
      if (segment) {
        this.#leases.add(lease)
        return { lease, segment }
      }
      const state = await rangeState(db, range, now)
      if (!state.wanted || state.free === 0 || attempt >= tries) return state
    }
  }

  /** The claim went with the commit of the clip. */
  forget(lease: string): void {
    this.#leases.delete(lease)
  }

  /** The segment is free again. */
  async release(lease: string): Promise<void> {
    if (this.#leases.delete(lease)) await releaseClaims(this.#parts.db, [lease])
  }

  /** Gives all claims back. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
    if (this.#leases.size > 0) await releaseClaims(this.#parts.db, [...this.#leases])
    this.#leases.clear()
  }

  /** One that has lapsed meanwhile may be another's; its clip is kept all the same, whichever comes first. */
  async #renew(): Promise<void> {
    if (this.#renewing || this.#leases.size === 0) return
    const { db, leaseMs, log } = this.#parts
    this.#renewing = renewClaims(db, [...this.#leases], leaseMs).then(
      () => undefined,
      (err: unknown) => log.warn({ err }, 'the claims of this server could not be renewed'),
    )
    await this.#renewing
    this.#renewing = undefined
  }
}
