import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import type { SpeechBackend, SpeechBackends } from '../backends/speech-backends.ts'
import type { JobQueue } from '../job-queue.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import type { ActiveGeneration, ActiveGenerations } from './active-generations.ts'
import { ClaimedAhead } from './claimed-ahead.ts'
import { ClaimsElsewhere } from './claims-elsewhere.ts'
import { HeldClaims, isFound } from './held-claims.ts'
import { type HeldRun, HeldRuns, type Lane, laneOf } from './held-runs.ts'
import { LeaseRate } from './lease-rate.ts'
import type { Lease, Leases } from './leases.ts'
import type { PlaybackPriorities } from './playback-priorities.ts'
import type { LeaseOutcome, Outdated, SegmentSource } from './segment-source.ts'
import { type AvailableParts, SpeakableRecipes } from './speakable-recipes.ts'
import { UnheardGenerations } from './unheard-generations.ts'
import { UrgentClaims } from './urgent-claims.ts'

export interface ClaimSourceParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities: PlaybackPriorities
  readonly backends: Pick<SpeechBackends, 'of'>
  readonly voices: VoiceRegistry
  /** Those in flight on this server. */
  readonly leases: Leases
  /** Id of this server. */
  readonly server: string
  readonly log: Logger
  /** Called when there may be segments again. */
  readonly onAvailable: () => void
  /** Milliseconds after which the claims of a server that died lapse; left out: 30 s. */
  readonly leaseMs?: number
}

const defaultLeaseMs = 30_000
/** Where the rest of a run is in other hands, or not due, it is looked at again within these times. */
const [shortestWaitMs, longestWaitMs] = [1000, 5000]
/** A run whose voices rest is looked at again after so long at the latest. */
const longestRestMs = 30_000
/** Runs that give nothing are looked at in one go, before others get their turn. */
const maxFruitless = 50
/** Segments that are claimed by one statement: a run. */
const maxClaims = 20
/** Those that are likely to be wanted within this time are claimed with the one that is wanted now. */
const aheadMs = 100

/**
 * The segments that several servers of one database share. Each is claimed in the database before it is handed out; the
 * runs of the job queue only tell where to look, so that servers rarely look at the same place.
 */
export class ClaimSource implements SegmentSource, AsyncDisposable {
  readonly elsewhere: ClaimsElsewhere
  readonly #parts: ClaimSourceParts
  readonly #claims: HeldClaims
  readonly #runs: HeldRuns
  readonly #recipes: SpeakableRecipes
  readonly #runOfLease = new Map<string, HeldRun>()
  readonly #ahead: ClaimedAhead
  /** The same of urgent chapters, which go first. */
  readonly #urgentAhead: ClaimedAhead
  readonly #rate = new LeaseRate()
  readonly #urgent: UrgentClaims
  readonly #unheardOf = new UnheardGenerations()

  constructor(parts: ClaimSourceParts) {
    this.#parts = parts
    this.#claims = new HeldClaims({ ...parts, leaseMs: parts.leaseMs ?? defaultLeaseMs })
    this.#runs = new HeldRuns(parts)
    this.#recipes = new SpeakableRecipes(parts)
    this.elsewhere = new ClaimsElsewhere(parts)
    this.#urgent = new UrgentClaims({
      ...parts,
      claims: this.#claims,
      recipes: this.#recipes,
      wantedOf: (available, now) => this.#wantedOf(available, now),
    })
    const ahead = {
      canSpeak: (lease: Lease) => parts.voices.canSpeak(lease),
      release: (lease: Lease) => this.ended(lease, 'released'),
      onReleased: parts.onAvailable,
      onError: (err: unknown) => parts.log.warn({ err }, 'claims could not be given back'),
    }
    const { activeGenerations, playbackPriorities } = parts
    this.#ahead = new ClaimedAhead({ ...ahead, order: () => [activeGenerations.all()] })
    this.#urgentAhead = new ClaimedAhead({
      ...ahead,
      order: () => [activeGenerations.all(), playbackPriorities.updates],
    })
  }

  reset(): void {
    this.#recipes.reset()
    this.#urgent.lookAgain()
    this.#runs.wake()
  }

  include(active: ActiveGeneration): void {
    this.#recipes.include(active)
    this.#lookAgain(active.chapters.map(({ id }) => id))
  }

  withhold(found: Outdated): void {
    this.#recipes.withhold(found)
  }

  requeue(_recipe: string, occurrences: readonly Occurrence[]): void {
    this.#lookAgain(occurrences.map(({ chapterId }) => chapterId))
  }

  async plan(ids: readonly string[], transaction?: Database): Promise<void> {
    const jobs = ids.map((generationId) => ({ data: { generationId }, singletonKey: generationId }))
    await this.#parts.jobs.sendAll('plan', jobs, transaction && { transaction })
  }

  async ended({ id }: Lease, outcome: LeaseOutcome): Promise<void> {
    const run = this.#runOfLease.get(id)
    this.#runOfLease.delete(id)
    if (run) {
      run.inFlight--
      if (outcome !== 'spoken' || run.inFlight === 0) run.waitUntil = 0
    }
    if (outcome === 'spoken') return this.#claims.forget(id)
    this.#forgetAhead()
    await this.#claims.release([id])
  }

  async next(backends: ReadonlyMap<string, SpeechBackend>, now: number): Promise<Lease | Outdated | number> {
    const next = await this.#next(backends, now)
    if (typeof next === 'object' && 'id' in next) this.#rate.record(now)
    return next
  }

  async #next(backends: ReadonlyMap<string, SpeechBackend>, now: number): Promise<Lease | Outdated | number> {
    const next =
      (await this.#urgentAhead.next(backends)) ??
      (await this.#nextUrgent(backends, now)) ??
      (await this.#ahead.next(backends))
    if (next) return next
    const lanes = new Set<Lane>()
    for (const voice of backends.keys()) lanes.add(laneOf(voice))
    const wanted = this.#parts.activeGenerations
      .all()
      .find(
        ({ generation, voices }) =>
          generation.desiredState === 'run' && voices.some((id) => backends.has(id)),
      )
    for (let fruitless = 0; fruitless < maxFruitless; fruitless++) {
      const run = await this.#runs.next(lanes, wanted, now)
      if (typeof run === 'number') {
        const held = this.#runs.generations()
        const due = this.#unheardOf.due(this.#parts.activeGenerations.all(), held, backends, now)
        if (due.length > 0) await this.plan(due)
        return run
      }
      const found = await this.#fromRun(run, backends, now)
      if (found) return found
    }
    return now + shortestWaitMs
  }

  /** Gives back what it holds. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ahead[Symbol.dispose]()
    this.#urgentAhead[Symbol.dispose]()
    await this.elsewhere[Symbol.asyncDispose]()
    await this.#runs.releaseAll()
    await this.#claims[Symbol.asyncDispose]()
  }

  async #nextUrgent(
    backends: ReadonlyMap<string, SpeechBackend>,
    now: number,
  ): Promise<Lease | Outdated | undefined> {
    const found = await this.#urgent.next(backends, now)
    if (!found || 'outdated' in found) return found
    const [first, ...others] = found
    this.#urgentAhead.keep(others)
    return first
  }

  /** Segments that may be claimed at once: as many as these recipes' backends have places for, now or in a moment. */
  #wantedOf(parts: AvailableParts, now: number): number {
    const backends = new Set([...parts.values()].map(({ backend }) => backend))
    let free = 0
    for (const backend of backends) free += this.#parts.leases.freeOf(backend)
    return Math.min(Math.max(free, 1) + this.#rate.within(aheadMs, now), maxClaims)
  }

  #forgetAhead(): void {
    this.#ahead.forget()
    this.#urgentAhead.forget()
  }

  /** A segment of a run; without one the run waits, goes back to the queue, or is done. */
  async #fromRun(
    run: HeldRun,
    backends: ReadonlyMap<string, SpeechBackend>,
    now: number,
  ): Promise<Lease | Outdated | undefined> {
    const { active } = run
    const available = await this.#recipes.available(active, backends)
    const outdated = this.#recipes.outdatedAmong(available)
    if (outdated !== undefined) return { outdated: active, recipe: outdated }
    const ofLane = await this.#recipes.spokenBy(
      active.generation.casting,
      (voice) => laneOf(voice) === run.lane,
    )
    const speakable = new Map([...available].filter(([hash]) => ofLane.includes(hash)))
    if (speakable.size > 0) {
      const wanted = this.#wantedOf(speakable, now)
      const found = await this.#claims.lease(run, speakable, run, now, wanted)
      if (isFound(found)) {
        run.inFlight += found.length
        // Nothing of it is free any more, until one of these is given back, or all of them are spoken.
        if (wanted >= run.to - run.from) run.waitUntil = now + shortestWaitMs
        for (const { id } of found) this.#runOfLease.set(id, run)
        const [first, ...others] = found
        this.#ahead.keep(others)
        return first
      }
      if (!found.wanted || (found.missing === 0 && speakable.size === ofLane.length)) {
        await this.#runs.complete(run)
        return undefined
      }
      if (found.missing > 0) {
        await this.#wait(run, 'the rest is in other hands', now, found.free > 0 ? 0 : found.waitMs)
        return undefined
      }
    }
    await this.#waitForVoices(run, ofLane, now)
    return undefined
  }

  /** While segments of it are in flight here, it stays. */
  async #wait(
    run: HeldRun,
    reason: string,
    now: number,
    waitMs = 0,
    longestMs = longestWaitMs,
  ): Promise<void> {
    const delay = Math.min(Math.max(waitMs, shortestWaitMs), longestMs)
    if (run.inFlight > 0) run.waitUntil = now + delay
    else await this.#runs.putBack(run, reason, delay)
  }

  /** The voices of what it lacks rest, or are not there: then it is planned again when that changes. */
  async #waitForVoices(run: HeldRun, recipes: readonly string[], now: number): Promise<void> {
    const times = []
    for (const hash of recipes) {
      if (this.#recipes.isWithheld(run.active, hash)) continue
      const { voice } = (await this.#recipes.recipe(hash)).recipe
      times.push(this.#parts.backends.of(voice).availableAt(voice))
    }
    const at = Math.min(...times)
    if (at === Infinity && run.inFlight === 0) await this.#runs.complete(run)
    else await this.#wait(run, 'its voice is not available', now, at - now, longestRestMs)
  }

  #lookAgain(chapterIds: readonly number[]): void {
    this.#forgetAhead()
    const ids = new Set(chapterIds)
    this.#urgent.lookAgain(ids)
    this.#runs.wake(ids)
  }
}
