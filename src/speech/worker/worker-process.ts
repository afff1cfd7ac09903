import { type ChildProcess, fork } from 'node:child_process'
import type { Clip } from '../../novel/clip.ts'
import {
  type EngineInfo,
  type ValidateRequest,
  type ReceivedAudio,
  type WorkerMessage,
  type WorkerRequest,
  type SpeakRequest,
  workerMessage,
  type VoiceValidation,
} from './worker-protocol.ts'
import { VoiceUnavailable } from '../speech-engine.ts'

export interface WorkerListener {
  /** Why a worker with these engines is not to be used, if it is not. */
  readonly rejectReason?: (engines: readonly EngineInfo[]) => string | undefined
  readonly onReady: (engines: readonly EngineInfo[]) => void
  readonly onEnd: (reason: string) => void
  /** It has loaded so many models more. */
  readonly onLoads?: (count: number) => void
}

export type SpeakTask = Omit<SpeakRequest, 'type' | 'id'>
export type ValidateTask = Omit<ValidateRequest, 'type' | 'id'>

type Answer = Extract<WorkerMessage, { readonly type: 'spoken' | 'measured' | 'proved' }>

interface PendingRequest {
  readonly id: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

type State = 'starting' | 'idle' | 'reserved' | 'speaking' | 'ended'

/**
 * Samples lie outside V8's heap. Left to itself its young generation takes 30 MB more for nothing; and since it counts
 * samples as growth of a heap of 18 MB, it looked through all of that twice a second, for a tenth of the CPU.
 */
const memoryFlags = ['--max-semi-space-size=2', '--heap-growing-percent=100']

/** A slow box starts a worker in less than this: a fast one takes 0.5 s, and no model is loaded yet. */
const defaultStartTimeout = 60_000

/** One forked speaker, seen from the server. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #listener: WorkerListener
  readonly #starting: NodeJS.Timeout
  #state: State = 'starting'
  #pending: PendingRequest | undefined
  #lastId = 0
  #endReason: string | undefined
  #loads = 0
  readonly #spoken = new Set<string>()
  /** The models it spoke, the latest first. */
  #models: readonly string[] = []

  constructor(
    module: URL,
    hearer: WorkerListener,
    environment?: Readonly<Record<string, string | undefined>>,
    startTimeout = defaultStartTimeout,
  ) {
    this.#listener = hearer
    this.#child = fork(module, {
      serialization: 'advanced',
      ...(environment && { env: environment }),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', ...memoryFlags],
    })
    this.#starting = setTimeout(() => {
      this.#kill(`the speaker was not ready after ${Math.round(startTimeout / 1000)} s, so it was ended`)
    }, startTimeout)
    this.#child.on('message', (message) => this.#onMessage(message))
    this.#child.on('error', (error) => this.#onExit(error.message))
    this.#child.on('exit', (code, signal) => {
      this.#onExit(this.#endReason ?? `the speaker ended (${signal ?? `exit code ${code}`})`)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get ready(): boolean {
    return this.#state !== 'starting' && this.#state !== 'ended'
  }

  get idle(): boolean {
    return this.#state === 'idle'
  }

  get busy(): boolean {
    return this.#state === 'speaking'
  }

  /** Keeps an idle speaker for whoever is about to call `speak`. */
  reserve(): void {
    this.#state = 'reserved'
  }

  /** How many other models it spoke since it spoke this one; `Infinity` if it never did. */
  modelsSince(model: string): number {
    const place = this.#models.indexOf(model)
    return place < 0 ? Infinity : place
  }

  /** Whether it has spoken this voice, and so measured it where that was to be done. */
  hasSpoken({ voice }: Pick<SpeakTask, 'voice'>): boolean {
    return this.#spoken.has(voice)
  }

  /** How many models it ever spoke. */
  get models(): number {
    return this.#models.length
  }

  async speak(task: SpeakTask, timeoutMs: number): Promise<Clip> {
    const model = modelOf(task)
    this.#models = [model, ...this.#models.filter((other) => other !== model)]
    const answer = await this.#ask((id) => ({ ...task, type: 'speak', id }), timeoutMs)
    if (answer.type !== 'spoken') throw this.#protocolError()
    this.#spoken.add(task.voice)
    return answer.clip
  }

  /** What brings the voice that spoke this to the studio's loudness and pace. */
  async measure(audio: ReceivedAudio, timeoutMs: number): Promise<{ gain: number; pace: number }> {
    const answer = await this.#ask((id) => ({ type: 'measure', id, audio }), timeoutMs)
    if (answer.type !== 'measured') throw this.#protocolError()
    return { gain: answer.gain, pace: answer.pace }
  }

  async validate(task: ValidateTask, timeoutMs: number): Promise<VoiceValidation> {
    const answer = await this.#ask((id) => ({ ...task, type: 'prove', id }), timeoutMs)
    if (answer.type !== 'proved') throw this.#protocolError()
    return answer.proof
  }

  async #ask(request: (id: number) => WorkerRequest, timeoutMs: number): Promise<Answer> {
    if (this.#state === 'ended') throw new Error(this.#endReason ?? 'the speaker ended')
    const id = ++this.#lastId
    this.#state = 'speaking'
    const timer = setTimeout(() => {
      this.#kill(`no sound after ${Math.round(timeoutMs / 1000)} s, so the speaker was ended`)
    }, timeoutMs)
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#pending = { id, resolve, reject }
        this.#child.send(request(id), (error) => {
          if (error) this.#kill(`the speaker cannot be reached: ${error.message}`)
        })
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#state === 'ended') return
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve())
    })
    this.#kill('the speaker was ended')
    await gone
  }

  #protocolError(): Error {
    const reason = 'the speaker sent a message that nobody understands'
    this.#kill(reason)
    return new Error(reason)
  }

  #kill(reason: string): void {
    this.#endReason ??= reason
    this.#child.kill('SIGKILL')
  }

  #onMessage(raw: unknown): void {
    const parsed = workerMessage.safeParse(raw)
    if (!parsed.success) {
      this.#protocolError()
      return
    }
    const message = parsed.data as WorkerMessage
    if (message.type === 'ready') {
      clearTimeout(this.#starting)
      const refusal = this.#listener.rejectReason?.(message.engines)
      if (refusal !== undefined) return this.#kill(refusal)
      this.#state = 'idle'
      this.#listener.onReady(message.engines)
      return
    }
    const inHand = this.#pending
    if (inHand?.id !== message.id) return
    this.#pending = undefined
    this.#state = 'idle'
    if ('loads' in message && message.loads > this.#loads) {
      this.#listener.onLoads?.(message.loads - this.#loads)
      this.#loads = message.loads
    }
    if ('reason' in message) {
      const { type, reason } = message
      inHand.reject(type === 'failed' ? new Error(reason) : new VoiceUnavailable(reason))
    } else inHand.resolve(message)
  }

  #onExit(reason: string): void {
    if (this.#state === 'ended') return
    clearTimeout(this.#starting)
    this.#state = 'ended'
    this.#endReason = reason
    this.#pending?.reject(new Error(reason))
    this.#pending = undefined
    this.#listener.onEnd(reason)
  }
}

/** What a speaker has to have loaded to speak this: an installed voice's network, or its own engine. */
export function modelOf({ model, voice }: SpeakTask): string {
  return model?.checksum ?? voice.split(':', 1)[0] ?? ''
}
