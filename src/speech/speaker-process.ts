import { type ChildProcess, fork } from 'node:child_process'
import type { Clip } from '../novel/clip.ts'
import {
  type EngineInfo,
  type SpeakerMessage,
  type SpeakRequest,
  speakerMessage,
} from './speaker-protocol.ts'

export interface Hearer {
  readonly onReady: (engines: readonly EngineInfo[]) => void
  readonly onEnd: (reason: string) => void
}

interface InHand {
  readonly id: number
  readonly resolve: (clip: Clip) => void
  readonly reject: (error: Error) => void
}

type State = 'starting' | 'idle' | 'reserved' | 'speaking' | 'ended'

/** One forked speaker, seen from the server. */
export class SpeakerProcess {
  readonly #child: ChildProcess
  readonly #hearer: Hearer
  #state: State = 'starting'
  #inHand: InHand | undefined
  #lastId = 0
  #endReason: string | undefined

  constructor(module: URL, hearer: Hearer, environment?: Readonly<Record<string, string | undefined>>) {
    this.#hearer = hearer
    this.#child = fork(module, {
      serialization: 'advanced',
      ...(environment && { env: environment }),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    this.#child.on('message', (message) => this.#hear(message))
    this.#child.on('error', (error) => this.#ended(error.message))
    this.#child.on('exit', (code, signal) => {
      this.#ended(this.#endReason ?? `the speaker ended (${signal ?? `exit code ${code}`})`)
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

  async speak(task: Omit<SpeakRequest, 'id'>, timeoutMs: number): Promise<Clip> {
    if (this.#state === 'ended') throw new Error(this.#endReason ?? 'the speaker ended')
    const id = ++this.#lastId
    this.#state = 'speaking'
    const timer = setTimeout(() => {
      this.#kill(`no sound after ${Math.round(timeoutMs / 1000)} s, so the speaker was ended`)
    }, timeoutMs)
    try {
      return await new Promise<Clip>((resolve, reject) => {
        this.#inHand = { id, resolve, reject }
        this.#child.send({ ...task, id } satisfies SpeakRequest, (error) => {
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

  #kill(reason: string): void {
    this.#endReason ??= reason
    this.#child.kill('SIGKILL')
  }

  #hear(raw: unknown): void {
    const parsed = speakerMessage.safeParse(raw)
    if (!parsed.success) {
      this.#kill('the speaker sent a message that nobody understands')
      return
    }
    const message = parsed.data as SpeakerMessage
    if (message.type === 'ready') {
      this.#state = 'idle'
      this.#hearer.onReady(message.engines)
      return
    }
    const inHand = this.#inHand
    if (inHand?.id !== message.id) return
    this.#inHand = undefined
    this.#state = 'idle'
    if (message.type === 'spoken') inHand.resolve(message.clip)
    else inHand.reject(new Error(message.reason))
  }

  #ended(reason: string): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#endReason = reason
    this.#inHand?.reject(new Error(reason))
    this.#inHand = undefined
    this.#hearer.onEnd(reason)
  }
}
