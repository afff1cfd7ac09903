import { type ChildProcess, fork } from 'node:child_process'
import { ownSession } from '../../audio/codec/background-priority.ts'
import type { ExecutionProvider } from '../onnx/execution-provider.ts'
import type { Clip } from '../../novel/clip.ts'
import { VoiceEndsWorker, VoiceUnavailable } from '../speech-engine.ts'
import { modelOf, ModelHistory, type PooledWorker, type SpeakTask } from './pooled-worker.ts'
import {
  type EngineInfo,
  type ReceivedAudio,
  type ValidateRequest,
  type VoiceValidation,
  type WorkerMessage,
  workerMessage,
  type WorkerRequest,
} from './worker-protocol.ts'

export interface WorkerListener {
  /** Reason to reject a worker with these engines; `undefined` to accept it. */
  readonly rejectReason?: (engines: readonly EngineInfo[]) => string | undefined
  readonly onReady: (engines: readonly EngineInfo[]) => void
  readonly onEnd: (reason: string) => void
  /** Called with the number of models loaded since the last call. */
  readonly onLoads?: (count: number) => void
}

export type ValidateTask = Omit<ValidateRequest, 'type' | 'id'>

type WorkerResponse = Extract<WorkerMessage, { readonly type: 'spoken' | 'measured' | 'validated' }>

interface PendingRequest {
  readonly id: number
  readonly resolve: (response: WorkerResponse) => void
  readonly reject: (error: Error) => void
}

type State = 'starting' | 'idle' | 'reserved' | 'speaking' | 'ended'

/**
 * Samples are outside V8's heap. By default its young generation takes 30 MB more without benefit; and since V8 counts
 * samples as growth of a heap of 18 MB, it collected all of that twice a second, for a tenth of the CPU.
 */
const memoryFlags = ['--max-semi-space-size=2', '--heap-growing-percent=100']

/** A slow machine starts a worker in less than this: a fast one takes 0.5 s, and no model is loaded yet. */
const defaultStartTimeout = 60_000

/** The server's handle of one forked worker. */
export class WorkerProcess implements PooledWorker {
  readonly local = true
  readonly #child: ChildProcess
  readonly #listener: WorkerListener
  readonly #starting: NodeJS.Timeout
  #state: State = 'starting'
  #pending: PendingRequest | undefined
  #lastId = 0
  #endReason: string | undefined
  #loads = 0
  /** Whether it loads or measures a voice. */
  #preparing = false
  readonly #history = new ModelHistory()

  constructor(
    module: URL,
    listener: WorkerListener,
    environment?: Readonly<Record<string, string | undefined>>,
    startTimeout = defaultStartTimeout,
    provider?: ExecutionProvider,
  ) {
    this.#listener = listener
    this.#child = fork(module, provider === undefined ? [] : [provider], {
      ...ownSession,
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

  /** Reserves an idle worker for a following `speak`. */
  reserve(): void {
    this.#state = 'reserved'
  }

  /** Number of other models used since this one; `Infinity` if never used. */
  modelsSince(model: string): number {
    return this.#history.modelsSince(model)
  }

  /** Whether it has spoken with this voice, which is then measured. */
  hasSpoken({ voice }: Pick<SpeakTask, 'voice'>): boolean {
    return this.#history.hasSpoken(voice)
  }

  /** Number of models ever used. */
  get models(): number {
    return this.#history.models
  }

  /** It loads whatever it is given. */
  accepts(): boolean {
    return true
  }

  async speak(task: SpeakTask, timeoutMs: number): Promise<Clip> {
    this.#history.begin(modelOf(task))
    const response = await this.#request((id) => ({ ...task, type: 'speak', id, timeoutMs }), timeoutMs)
    if (response.type !== 'spoken') throw this.#protocolError()
    this.#history.spoken(task.voice)
    return response.clip
  }

  /** Measures the gain and pace of the voice in this audio. */
  async measure(audio: ReceivedAudio, timeoutMs: number): Promise<{ gain: number; pace: number }> {
    const response = await this.#request((id) => ({ type: 'measure', id, audio }), timeoutMs)
    if (response.type !== 'measured') throw this.#protocolError()
    return { gain: response.gain, pace: response.pace }
  }

  async validate(task: ValidateTask, timeoutMs: number): Promise<VoiceValidation> {
    const response = await this.#request((id) => ({ ...task, type: 'validate', id }), timeoutMs)
    if (response.type !== 'validated') throw this.#protocolError()
    return response.validation
  }

  async #request(request: (id: number) => WorkerRequest, timeoutMs: number): Promise<WorkerResponse> {
    if (this.#state === 'ended') throw new Error(this.#endReason ?? 'the speaker ended')
    const id = ++this.#lastId
    this.#state = 'speaking'
    const timer = setTimeout(() => {
      this.#kill(`no sound after ${Math.round(timeoutMs / 1000)} s, so the speaker was ended`)
    }, timeoutMs)
    try {
      return await new Promise<WorkerResponse>((resolve, reject) => {
        this.#pending = { id, resolve, reject }
        this.#child.send(request(id), (error) => {
          if (error) this.#kill(`the speaker cannot be reached: ${error.message}`)
        })
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Kills the process and waits for its exit. */
  async end(): Promise<void> {
    if (this.#state === 'ended') return
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve())
    })
    this.#kill('the speaker was ended')
    await gone
  }

  #protocolError(): Error {
    const reason = 'the speech worker sent an invalid message'
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
    if (message.type === 'preparing') {
      this.#preparing = message.active
      return
    }
    const pending = this.#pending
    if (pending?.id !== message.id) return
    this.#pending = undefined
    this.#state = 'idle'
    if ('loads' in message && message.loads > this.#loads) {
      this.#listener.onLoads?.(message.loads - this.#loads)
      this.#loads = message.loads
    }
    if ('reason' in message) {
      const { type, reason } = message
      pending.reject(type === 'failed' ? new Error(reason) : new VoiceUnavailable(reason))
    } else pending.resolve(message)
  }

  #onExit(reason: string): void {
    if (this.#state === 'ended') return
    clearTimeout(this.#starting)
    this.#state = 'ended'
    this.#endReason = reason
    const error = this.#preparing
      ? new VoiceEndsWorker(`${reason} while it loaded the voice`)
      : new Error(reason)
    this.#pending?.reject(error)
    this.#pending = undefined
    this.#listener.onEnd(reason)
  }
}
