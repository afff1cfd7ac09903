import type { Clip } from '../../novel/clip.ts'
import {
  type Delivery,
  modelOf,
  ModelHistory,
  type PooledWorker,
  type SpeakTask,
  WorkerGone,
} from './pooled-worker.ts'

/** A task as it is given to another machine. */
export interface RemoteTask {
  readonly task: SpeakTask
  readonly delivery: Delivery
}

export interface RemoteWorkerOptions {
  /** Told when it can be given a task. */
  readonly onIdle: (worker: RemoteWorker) => void
  readonly accepts: (model: string) => boolean
}

/** A request that waits for a task. */
interface Poll {
  readonly resolve: (task: RemoteTask | undefined) => void
  /** Removes timer and listener. */
  readonly release: () => void
}

type State = 'away' | 'idle' | 'reserved' | 'speaking' | 'ended'

/**
 * One slot of a speaker machine, as the pool sees it. The machine asks for work, so the slot is idle only while a
 * `take` waits; the task that it resolves with is settled by `finish` or `fail`.
 */
export class RemoteWorker implements PooledWorker {
  readonly local = false
  readonly pid = undefined
  readonly #options: RemoteWorkerOptions
  readonly #history = new ModelHistory()
  #state: State = 'away'
  #poll: Poll | undefined
  #current: { readonly task: RemoteTask; readonly clip: PromiseWithResolvers<Clip> } | undefined

  constructor(options: RemoteWorkerOptions) {
    this.#options = options
  }

  get ready(): boolean {
    return this.#state !== 'ended'
  }

  get idle(): boolean {
    return this.#state === 'idle'
  }

  get busy(): boolean {
    return this.#state === 'speaking'
  }

  get models(): number {
    return this.#history.models
  }

  modelsSince(model: string): number {
    return this.#history.modelsSince(model)
  }

  hasSpoken({ voice }: Pick<SpeakTask, 'voice'>): boolean {
    return this.#history.hasSpoken(voice)
  }

  accepts(model: string): boolean {
    return this.#options.accepts(model)
  }

  reserve(): void {
    this.#state = 'reserved'
  }

  /** The task in its hands. */
  get current(): RemoteTask | undefined {
    return this.#current?.task
  }

  /**
   * Waits up to `waitMs` for a task. Resolves with `undefined` when none came, the signal aborts, a newer `take` follows,
   * or it holds a task already.
   */
  take(waitMs: number, signal: AbortSignal): Promise<RemoteTask | undefined> {
    const older = this.#poll
    this.#poll = undefined
    older?.release()
    older?.resolve(undefined)
    if (this.#current || this.#state === 'ended' || signal.aborted) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<RemoteTask | undefined>()
    const hangUp = (): void => this.#endPoll(poll)
    // Reserved: its task follows within this turn of the event loop.
    const timer = setTimeout(() => this.#state !== 'reserved' && this.#endPoll(poll), waitMs)
    const release = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', hangUp)
    }
    const poll: Poll = { resolve, release }
    this.#poll = poll
    signal.addEventListener('abort', hangUp, { once: true })
    if (this.#state === 'away') {
      this.#state = 'idle'
      this.#options.onIdle(this)
    }
    return promise
  }

  /** Ends a `take` that waits. */
  hangUp(): void {
    if (this.#poll) this.#endPoll(this.#poll)
  }

  speak(task: SpeakTask, _timeoutMs?: number, delivery: Delivery = {}): Promise<Clip> {
    const poll = this.#poll
    this.#poll = undefined
    if (this.#state === 'ended' || !poll) {
      if (this.#state === 'reserved') this.#state = 'away'
      return Promise.reject(new WorkerGone('the machine hung up before it was given the text'))
    }
    poll.release()
    this.#state = 'speaking'
    this.#history.begin(modelOf(task))
    this.#current = { task: { task, delivery }, clip: Promise.withResolvers() }
    poll.resolve(this.#current.task)
    return this.#current.clip.promise
  }

  /** Returns `false` if the task is not in its hands any more. */
  finish(task: RemoteTask, clip: Clip): boolean {
    const done = this.#release(task)
    if (done) this.#history.spoken(task.task.voice)
    done?.resolve(clip)
    return done !== undefined
  }

  /** Returns `false` if the task is not in its hands any more. */
  fail(task: RemoteTask, error: Error): boolean {
    const done = this.#release(task)
    done?.reject(error)
    return done !== undefined
  }

  /** Takes no task any more; what is in its hands is rejected with the error. */
  end(error: Error = new WorkerGone('the machine has left')): Promise<void> {
    const [poll, current] = [this.#poll, this.#current]
    this.#state = 'ended'
    this.#poll = undefined
    this.#current = undefined
    poll?.release()
    poll?.resolve(undefined)
    current?.clip.reject(error)
    return Promise.resolve()
  }

  #release(task: RemoteTask): PromiseWithResolvers<Clip> | undefined {
    const current = this.#current
    if (current?.task !== task) return undefined
    this.#current = undefined
    this.#state = 'away'
    return current.clip
  }

  #endPoll(poll: Poll): void {
    if (this.#poll !== poll) return
    this.#poll = undefined
    poll.release()
    if (this.#state === 'idle') this.#state = 'away'
    poll.resolve(undefined)
  }
}
