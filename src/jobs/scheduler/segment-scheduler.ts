import type { Clip } from '../../novel/clip.ts'
import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'

/** What a speaker machine says of itself when it joins. */
export interface MachineIntroduction {
  /** For people; need not be unique. */
  readonly name: string
  /** Segments that it speaks at the same time: one per speech worker, numbered from 0. */
  readonly slots: number
  /** Nightjar's version there. */
  readonly version: string
  /** What its workers reported; must equal the server's, because recipes name engine versions. */
  readonly engines: readonly EngineInfo[]
  /** E.g. `linux-x64`. */
  readonly platform: string
  readonly cores: number
}

export interface JoinedMachine {
  /** UUID. */
  readonly id: string
  /** A lease lapses when neither its clip nor a heartbeat that names it came for so long. */
  readonly leaseSeconds: number
  /** How often the machine shall send its heartbeat. */
  readonly renewSeconds: number
}

/**
 * `active`: gets leases. `draining`: stays joined and gets none until it is resumed. `closing`: the server stops; the
 * machine keeps what it has and tries again.
 */
export type MachineState = 'active' | 'draining' | 'closing'

/** The network of an installed voice, fetched by checksum. */
export interface LeasedModel {
  /** SHA-256 of the ONNX file, hex. */
  readonly checksum: string
  /** SHA-256 of its configuration, hex; left out where there is none. */
  readonly configChecksum?: string
  /** BCP 47. */
  readonly language: string
  /** Size of the ONNX file. */
  readonly bytes: number
}

/** What a machine is to speak: a `SpeakRequest` whose model is named by checksum instead of by path. */
interface LeasedTask {
  readonly text: string
  readonly voice: string
  readonly speed: number
  /** Silence before the speech and after it, in seconds. */
  readonly leadSeconds?: number
  readonly pauseSeconds: number
  readonly seed: string
  readonly gain?: number
  readonly pace?: number | 'measure'
  readonly model?: LeasedModel
}

/** One text in the hands of one slot of a machine. */
export interface SegmentLease {
  /** UUID; its holder may complete or fail the lease. */
  readonly id: string
  /** Left out for texts that belong to no novel: samples, `/v1/audio/speech`. */
  readonly segment?: LeasedSegment
  readonly task: LeasedTask
}

interface LeasedSegment {
  readonly novelId: string
  readonly chapterNumber: number
  readonly index: number
}

export interface LeaseAnswer {
  /** Left out: nothing to speak came in time. */
  readonly lease?: SegmentLease
  readonly state: MachineState
}

export interface Heartbeat {
  /** Ids of the leases that the machine still works on or has not been able to hand in. */
  readonly leases: readonly string[]
  /** Seconds of speech per second of wall clock, over the last minutes; 0 while it rests. */
  readonly realTimeFactor: number
  /** Segments spoken since it joined. */
  readonly spoken: number
}

export interface HeartbeatAnswer {
  /** Those of the named leases that are not the machine's any more: what it makes of them is dropped. */
  readonly lost: readonly string[]
  readonly state: MachineState
}

/**
 * `failed`: the engine could not speak the text, which counts as an attempt. `voice-unavailable`: the machine cannot
 * load the voice; others may. `released`: given back unspoken (the machine stops).
 */
type LeaseFailureKind = 'failed' | 'voice-unavailable' | 'released'

export interface LeaseFailure {
  readonly kind: LeaseFailureKind
  /** For people: a sentence without its full stop. */
  readonly reason: string
}

/** `stored`: durable, also when the same clip came before. `gone`: nobody wants it any more. */
export type CompletionOutcome = 'stored' | 'gone'

/** A server or a machine as people see it, with what its own speech workers do. */
export interface SpeakingPlace {
  readonly id: string
  readonly name: string
  readonly version: string
  /** E.g. `linux-x64`. */
  readonly platform: string
  readonly cores: number
  /** Segments that it speaks at the same time. */
  readonly slots: number
  /** Seconds of speech per second of wall clock, lately. */
  readonly realTimeFactor: number
  /** Segments spoken since it started, or joined. */
  readonly spoken: number
}

export interface MachineView extends SpeakingPlace {
  /** `away`: it fell silent; it joins anew when it is back. */
  readonly state: MachineState | 'away'
  /** ISO 8601. */
  readonly joinedAt: string
  /** Of the last request, ISO 8601. */
  readonly seenAt: string
  /** Models that its workers have loaded since it began: few, if each worker keeps to its own. */
  readonly modelLoads: number
  /** What it speaks now. */
  readonly leases: readonly {
    readonly id: string
    readonly voice: string
    readonly segment?: LeasedSegment
  }[]
}

/**
 * Hands segments to speaker machines and takes their clips. Every method that names a machine throws `speaker.unknown`
 * when it is not joined (any more): it then joins anew.
 */
export interface SegmentScheduler {
  /** Throws `speaker.other-version` and `speaker.other-engines`. */
  join(machine: MachineIntroduction): Promise<JoinedMachine>
  /**
   * Waits up to `waitMs` for something to speak in a slot (0 … slots − 1), and resolves without a lease when none came,
   * when the signal aborts, or when the machine's state forbids it. A newer call for the same slot ends an older one. A
   * slot that holds a lease is given the same again: the answer that brought it was lost. Throws `request.senseless` for
   * a slot that the machine does not have.
   */
  lease(
    machine: string,
    slot: number,
    options: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<LeaseAnswer>
  /** The machine's heartbeat: keeps the named leases for `leaseSeconds` more. */
  renew(machine: string, heartbeat: Heartbeat): Promise<HeartbeatAnswer>
  /**
   * Resolves when the clip is durable; the same clip may be handed in again. Throws `storage.full` or `storage.failing`
   * when it could not be written within a minute, or `server.stopping`: the machine keeps it and sends it again.
   * `loads`: how many models the machine's workers have loaded since it began.
   */
  complete(lease: string, clip: Clip, loads: number): Promise<CompletionOutcome>
  /** Resolves with `false` when the lease was not (any more) there. */
  fail(lease: string, failure: LeaseFailure): Promise<boolean>
  /** Whose lease it is, or was until lately; for the next lease in the same slot. */
  slotOf(lease: string): { readonly machine: string; readonly slot: number } | undefined
  /** The machine goes: its leases are free at once. */
  leave(machine: string): Promise<void>
  machines(): readonly MachineView[]
  drain(machine: string): Promise<void>
  resume(machine: string): Promise<void>
  /** Removes a machine and takes its leases back; if it is alive it has to join anew. */
  forget(machine: string): Promise<void>
  /** Ends all calls that wait, with the state `closing`. */
  close(): void
}
