import type { RemoteTask } from '../../speech/worker/remote-worker.ts'
import type { CompletionOutcome } from '../scheduler/segment-scheduler.ts'
import { uuidOfServer } from '../servers/server-ids.ts'
import type { SpeakerMachine } from './speaker-machine.ts'

/** However often it is renewed: a machine's own time-outs are shorter. */
const longestLeaseMs = 15 * 60_000

/** How long a lease that has ended is remembered: for a clip that comes late, or comes again. */
const rememberedMs = 10 * 60_000

/** A task in the hands of one slot of a machine. */
export interface MachineLease {
  readonly id: string
  readonly machine: SpeakerMachine
  readonly slot: number
  readonly work: RemoteTask
  readonly since: number
  /** Epoch milliseconds. */
  until: number
  /** `held`: the slot works on it. `ended`: it was completed, failed, or taken back. */
  state: 'held' | 'ended'
  endedAt: number
  /** Of the first clip that came. */
  completion: Promise<CompletionOutcome> | undefined
}

/** The leases of all machines, by id, and those that ended not long ago. */
export class MachineLeases {
  readonly #byId = new Map<string, MachineLease>()
  /** Those that have not ended: few beside all that are remembered, and looked through for each request. */
  readonly #held = new Set<MachineLease>()
  readonly #leaseMs: number
  readonly #server: string

  /** `leaseMs`: a lease lapses after so long without a heartbeat that names it. `server`: their ids begin with it. */
  constructor(leaseMs: number, server: string) {
    this.#leaseMs = leaseMs
    this.#server = server
  }

  add(machine: SpeakerMachine, slot: number, work: RemoteTask, now: number): MachineLease {
    const lease: MachineLease = {
      id: this.#idOf(work),
      machine,
      slot,
      work,
      since: now,
      until: now + this.#leaseMs,
      state: 'held',
      endedAt: 0,
      completion: undefined,
    }
    this.#byId.set(lease.id, lease)
    this.#held.add(lease)
    return lease
  }

  /** A task that went to one machine and then to another has two leases: the second gets an id of its own. */
  #idOf({ delivery }: RemoteTask): string {
    const { lease } = delivery
    return lease === undefined || this.#byId.has(lease) ? uuidOfServer(this.#server) : lease
  }

  get(id: string): MachineLease | undefined {
    return this.#byId.get(id)
  }

  /** Of all machines, or of one. */
  held(machine?: SpeakerMachine): MachineLease[] {
    return [...this.#held].filter((lease) => machine === undefined || lease.machine === machine)
  }

  renew(lease: MachineLease, now: number): void {
    lease.until = Math.min(now + this.#leaseMs, lease.since + longestLeaseMs)
  }

  end(lease: MachineLease, now: number): void {
    lease.state = 'ended'
    this.#held.delete(lease)
    lease.endedAt = now
  }

  /** A clip for one of them, however late, is refused. */
  forget(machine: SpeakerMachine): void {
    for (const [id, lease] of this.#byId) {
      if (lease.machine !== machine) continue
      this.#byId.delete(id)
      this.#held.delete(lease)
    }
  }

  lapsed(now: number): MachineLease[] {
    return this.held().filter(({ until }) => until <= now)
  }

  /** Removes what ended long ago. */
  forgetOld(now: number): void {
    for (const [id, { state, endedAt }] of this.#byId) {
      if (state === 'ended' && endedAt <= now - rememberedMs) this.#byId.delete(id)
    }
  }
}
