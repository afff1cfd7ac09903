import type { Clip } from '../../novel/clip.ts'
import type { SpeakRequest } from './worker-protocol.ts'

export type SpeakTask = Omit<SpeakRequest, 'type' | 'id'>

/** Where a task comes from and what becomes of its clip; a worker on another machine needs to know. */
export interface Delivery {
  /** Left out for texts that belong to no novel. */
  readonly segment?: { readonly novelId: string; readonly chapterNumber: number; readonly index: number }
  /** Id of the claim on the segment, under which another server knows it too. */
  readonly lease?: string
  /** Resolves when the clip is durable, rejects when it was not kept. Left out: the clip is not stored. */
  readonly stored?: Promise<void>
  /** Stores a clip that comes after the task was given up as lost. Resolves when it is durable. */
  readonly storeLate?: (clip: Clip) => Promise<void>
}

/** Somewhere a segment can be spoken: a forked child, or one slot of a speaker machine. Holds one task at a time. */
export interface PooledWorker {
  /** Whether it is a process of this machine. */
  readonly local: boolean
  /** Of the process, if it is one of this machine. */
  readonly pid: number | undefined
  /** Whether it can be given tasks, now or when the one in its hands is done. */
  readonly ready: boolean
  readonly idle: boolean
  readonly busy: boolean
  /** How many models it has spoken. */
  readonly models: number
  /** How many other models it spoke since it spoke this one; `Infinity` if it never did. */
  modelsSince(model: string): number
  /** Whether it has spoken this voice before. */
  hasSpoken(task: Pick<SpeakTask, 'voice'>): boolean
  /** Whether it may be given texts of this model. */
  accepts(model: string): boolean
  /** Keeps an idle worker for the caller, who is about to call `speak`. */
  reserve(): void
  /**
   * Rejects with `VoiceUnavailable` when the voice cannot be loaded there, with `WorkerGone` when the task was lost with
   * the worker's machine, else with a plain `Error`.
   */
  speak(task: SpeakTask, timeoutMs: number, delivery?: Delivery): Promise<Clip>
  end(): Promise<void>
}

/** The models and voices that a worker has spoken. */
export class ModelHistory {
  readonly #voices = new Set<string>()
  /** The latest first. */
  #models: readonly string[] = []

  get models(): number {
    return this.#models.length
  }

  /** How many others were used since this one; `Infinity` if it never was. */
  modelsSince(model: string): number {
    const place = this.#models.indexOf(model)
    return place < 0 ? Infinity : place
  }

  hasSpoken(voice: string): boolean {
    return this.#voices.has(voice)
  }

  begin(model: string): void {
    this.#models = [model, ...this.#models.filter((other) => other !== model)]
  }

  spoken(voice: string): void {
    this.#voices.add(voice)
  }
}

/** The task was lost with the machine that held it; the text did not fail. */
export class WorkerGone extends Error {
  /** Whether the machine had the task and fell silent over it: the text itself may be the reason. */
  readonly suspect: boolean

  constructor(message: string, { suspect = false }: { readonly suspect?: boolean } = {}) {
    super(message)
    this.suspect = suspect
  }
}

/** What a worker loads for this task: an installed voice's model (its checksum), or its own engine (its name). */
export function modelOf({ model, voice }: Pick<SpeakTask, 'model' | 'voice'>): string {
  return model?.checksum ?? voice.split(':', 1)[0] ?? ''
}
