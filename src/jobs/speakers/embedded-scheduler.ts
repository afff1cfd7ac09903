import type { Logger } from 'pino'
import type { Clip } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { VoiceUnavailable } from '../../speech/speech-engine.ts'
import { modelOf, WorkerGone } from '../../speech/worker/pooled-worker.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type {
  CompletionOutcome,
  Heartbeat,
  HeartbeatAnswer,
  JoinedMachine,
  LeaseAnswer,
  LeaseFailure,
  MachineIntroduction,
  MachineState,
  MachineView,
  SegmentScheduler,
} from '../scheduler/segment-scheduler.ts'
import { serverOfUuid, uuidOfServer } from '../servers/server-ids.ts'
import { type MachineLease, MachineLeases } from './machine-leases.ts'
import { SpeakerMachine } from './speaker-machine.ts'
import { leaseView, machineView } from './speaker-views.ts'

export interface EmbeddedSchedulerParts {
  /** This server's id: those of its machines and leases begin with it. */
  readonly server: string
  readonly pool: WorkerPool
  /** Nightjar's version here. */
  readonly version: string
  /** Size in bytes of an installed voice's network. */
  readonly modelBytes: (checksum: string) => number
  /** Why clips cannot be stored now, if they cannot. */
  readonly storageTrouble: () => Failure | undefined
  /** Called when there are more workers than before. */
  readonly onCapacity: () => void
  /** Called when a machine joined, left, or changed its state. */
  readonly onChange: (machine: string) => void
  /** Stores a clip of a lease of a server that is gone, if the claim still says which segment it is of. */
  readonly storeForeign?: ((lease: string, clip: Clip) => Promise<CompletionOutcome>) | undefined
  readonly log: Logger
  /** Milliseconds after which a machine, or a lease, counts as lost when nothing is heard of it; left out: 30 s. */
  readonly leaseMs?: number | undefined
}

const defaultLeaseMs = 30_000
/** How often a machine renews a lease before it would lapse. */
const renewals = 3
/** How often lapsed leases and silent machines are looked for. */
const checkMs = 1000
/** So many times the length of a lease a machine waits for its clip to be durable; then it sends it again. */
const storingLeases = 2
/** A machine that fell silent is shown for so long. */
const shownMs = 60 * 60_000

/**
 * Lends the slots of other machines to the pool of this server, so that the dispatcher and everything else that speaks
 * sees them as workers like any other. Machines and leases are kept in memory: after a restart of the server machines
 * join anew, and what they held is leased again. Close it with `close`.
 */
export class EmbeddedScheduler implements SegmentScheduler {
  readonly #parts: EmbeddedSchedulerParts
  readonly #machines = new Map<string, SpeakerMachine>()
  readonly #leaseMs: number
  readonly #leases: MachineLeases
  readonly #closing = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(parts: EmbeddedSchedulerParts) {
    this.#parts = parts
    this.#leaseMs = parts.leaseMs ?? defaultLeaseMs
    this.#leases = new MachineLeases(this.#leaseMs, parts.server)
    this.#timer = setInterval(() => this.check(Date.now()), checkMs).unref()
  }

  async join(introduction: MachineIntroduction): Promise<JoinedMachine> {
    const { pool, version, log } = this.#parts
    if (introduction.version !== version)
      throw new Failure('speaker.other-version', { here: introduction.version, server: version })
    if (pool.localSize > 0) await Promise.race([pool.engines, pool.settled])
    if (this.#closing.signal.aborted) throw new Failure('server.stopping')
    const { state, reason = '' } = pool.state
    if (state === 'failing') throw new Failure('speech.no-worker', { detail: reason })
    const machine = new SpeakerMachine(uuidOfServer(this.#parts.server), introduction, pool)
    if (!machine.activate()) throw new Failure('speaker.other-engines', { version })
    // It is most likely the one that fell silent.
    for (const [id, other] of this.#machines) {
      if (other.state === 'away' && other.introduction.name === introduction.name) this.#machines.delete(id)
    }
    this.#machines.set(machine.id, machine)
    const { name, slots, platform } = introduction
    log.info({ machine: name, slots, platform }, 'a speaker machine has joined')
    this.#parts.onCapacity()
    this.#parts.onChange(machine.id)
    return {
      id: machine.id,
      leaseSeconds: this.#leaseMs / 1000,
      renewSeconds: this.#leaseMs / 1000 / renewals,
    }
  }

  async lease(
    id: string,
    slot: number,
    { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<LeaseAnswer> {
    const machine = this.#joined(id)
    const worker = machine.slots[slot]
    if (!worker) throw new Failure('request.senseless', { detail: `the machine has no slot ${slot}` })
    const before = this.#stateOf(machine)
    const held = this.#leases.held(machine).find((lease) => lease.slot === slot)
    if (held) {
      // It asks again, so the answer that brought the lease was lost.
      this.#leases.renew(held, Date.now())
      return { lease: leaseView(held, this.#parts.modelBytes), state: before }
    }
    if (before !== 'active') return { state: before }
    const ended = AbortSignal.any([signal, this.#closing.signal])
    const work = await worker.take(waitMs, ended)
    const state = this.#stateOf(machine)
    machine.seenAt = Date.now()
    if (!work) return { state }
    if (ended.aborted) {
      worker.fail(work, new WorkerGone('the machine hung up before it was given the text'))
      return { state }
    }
    const lease = this.#leases.add(machine, slot, work, Date.now())
    return { lease: leaseView(lease, this.#parts.modelBytes), state }
  }

  async renew(id: string, { leases, realTimeFactor, spoken }: Heartbeat): Promise<HeartbeatAnswer> {
    const machine = this.#joined(id)
    machine.realTimeFactor = realTimeFactor
    machine.spoken = spoken
    const lost = leases.filter((name) => {
      const lease = this.#leases.get(name)
      if (lease?.machine !== machine) return true
      if (lease.state === 'held') this.#leases.renew(lease, Date.now())
      // What was handed in is being stored, or its answer was lost.
      return lease.state === 'ended' && lease.completion === undefined
    })
    return { lost, state: this.#stateOf(machine) }
  }

  async complete(id: string, clip: Clip, loads: number): Promise<CompletionOutcome> {
    const lease = this.#leases.get(id)
    // One of its own that it does not know was forgotten.
    if (!lease && serverOfUuid(id) === this.#parts.server) return 'gone'
    if (!lease) return (await this.#parts.storeForeign?.(id, clip)) ?? 'gone'
    lease.machine.seenAt = Date.now()
    lease.machine.modelLoads = loads
    const completion = (lease.completion ??= this.#store(lease, clip))
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      const detail = 'a clip was not written in time'
      late.reject(this.#parts.storageTrouble() ?? new Failure('storage.failing', { detail }))
    }, storingLeases * this.#leaseMs)
    try {
      return await Promise.race([completion, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async fail(id: string, { kind, reason }: LeaseFailure): Promise<boolean> {
    const lease = this.#leases.get(id)
    if (lease?.state !== 'held') return false
    const { machine, work } = lease
    machine.seenAt = Date.now()
    if (kind === 'voice-unavailable') {
      machine.refuse(modelOf(work.task))
      this.#takeBack(lease, new VoiceUnavailable(reason))
    } else {
      this.#takeBack(lease, kind === 'failed' ? new Error(reason) : new WorkerGone(reason))
    }
    return true
  }

  slotOf(id: string): { readonly machine: string; readonly slot: number } | undefined {
    const lease = this.#leases.get(id)
    return lease && { machine: lease.machine.id, slot: lease.slot }
  }

  async leave(id: string): Promise<void> {
    this.#remove(this.#known(id), 'a speaker machine has left')
  }

  machines(): readonly MachineView[] {
    return [...this.#machines.values()].map((machine) => {
      const state = this.#closing.signal.aborted ? 'closing' : machine.state
      return machineView(machine, state, this.#leases.held(machine))
    })
  }

  async drain(id: string): Promise<void> {
    this.#known(id).drain()
    this.#parts.onChange(id)
  }

  async resume(id: string): Promise<void> {
    const machine = this.#known(id)
    if (machine.state !== 'draining') return
    machine.activate()
    this.#parts.onCapacity()
    this.#parts.onChange(id)
  }

  async forget(id: string): Promise<void> {
    const machine = this.#known(id)
    this.#remove(machine, 'a speaker machine was removed')
    this.#leases.forget(machine)
  }

  close(): void {
    this.#closing.abort()
    clearInterval(this.#timer)
  }

  /** Takes back what has lapsed by `now`, and gives up machines that fell silent. */
  check(now: number): void {
    for (const lease of this.#leases.lapsed(now)) {
      const { name } = lease.machine.introduction
      this.#takeBack(lease, new WorkerGone(`the machine ${name} fell silent over it`, { suspect: true }))
    }
    this.#leases.forgetOld(now)
    for (const machine of this.#machines.values()) {
      if (machine.state !== 'away' && machine.seenAt <= now - this.#leaseMs) {
        this.#parts.log.warn({ machine: machine.introduction.name }, 'a speaker machine fell silent')
        machine.end()
        this.#parts.onChange(machine.id)
      }
      if (machine.seenAt <= now - shownMs && this.#machines.delete(machine.id))
        this.#parts.onChange(machine.id)
    }
  }

  /** Hands a clip on. Resolves when it is durable. */
  async #store(lease: MachineLease, clip: Clip): Promise<CompletionOutcome> {
    const { work, machine, slot } = lease
    const { stored, storeLate } = work.delivery
    const inTime = lease.state === 'held' && machine.slots[slot]?.finish(work, clip) === true
    this.#leases.end(lease, Date.now())
    try {
      if (inTime) {
        machine.accept(modelOf(work.task))
        await stored
      } else {
        if (!storeLate) return 'gone'
        await storeLate(clip)
      }
      return 'stored'
    } catch (cause) {
      if (this.#closing.signal.aborted) throw new Failure('server.stopping', {}, { cause })
      // Its segment is leased again.
      this.#parts.log.warn({ err: cause }, 'a clip of a speaker machine was not kept')
      return 'gone'
    }
  }

  #takeBack(lease: MachineLease, error: Error): void {
    this.#leases.end(lease, Date.now())
    lease.machine.slots[lease.slot]?.fail(lease.work, error)
  }

  #remove(machine: SpeakerMachine, message: string): void {
    for (const lease of this.#leases.held(machine)) this.#leases.end(lease, Date.now())
    machine.end()
    this.#machines.delete(machine.id)
    this.#parts.log.info({ machine: machine.introduction.name }, message)
    this.#parts.onChange(machine.id)
  }

  #stateOf({ state }: SpeakerMachine): MachineState {
    if (this.#closing.signal.aborted) return 'closing'
    // It fell silent, left or was removed while it waited.
    if (state === 'away') throw new Failure('speaker.unknown')
    return state
  }

  #known(id: string): SpeakerMachine {
    const machine = this.#machines.get(id)
    if (!machine) throw new Failure('speaker.unknown')
    return machine
  }

  /** A machine that speaks up. */
  #joined(id: string): SpeakerMachine {
    const machine = this.#known(id)
    if (machine.state === 'away') throw new Failure('speaker.unknown')
    machine.seenAt = Date.now()
    return machine
  }
}
