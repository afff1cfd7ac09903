import { readFile } from 'node:fs/promises'
import type { FailureAnswer } from '../http/contract.ts'
import { openFolder } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'

/** What the command line needs of the whole; `main.ts` and `config.ts` give it. */
export interface CommandLine<Settings extends CommandSettings = CommandSettings> {
  readonly settings: Settings
  start(settings: Settings, options: { work?: boolean }): Promise<Running>
}

interface CommandSettings {
  readonly NIGHTJAR_DATA: string
  readonly HOST: string
  readonly PORT: number
  readonly NIGHTJAR_LOG: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

export interface Running {
  readonly address: string
  stop(): Promise<void>
}

/** The API of the server on the data folder, or of one that this command starts for itself and stops at the end. */
export class Client implements AsyncDisposable {
  readonly address: string
  readonly #own: Running | undefined

  private constructor(address: string, own: Running | undefined) {
    this.address = address
    this.#own = own
  }

  /** `work: false` starts a server that only answers, where there is none. Throws what starting throws. */
  static async connect({ settings, start }: CommandLine, options: { work: boolean }): Promise<Client> {
    const address = await runningServer(settings.NIGHTJAR_DATA)
    if (address !== undefined) return new Client(address, undefined)
    const quiet = { ...settings, HOST: '127.0.0.1', PORT: 0, NIGHTJAR_LOG: 'error' as const }
    const own = await start(quiet, options)
    return new Client(own.address, own)
  }

  async get<T>(path: string): Promise<T> {
    return this.#json<T>(await this.fetch(path))
  }

  async post<T>(path: string, body: FormData | object): Promise<T> {
    const form = body instanceof FormData
    const response = await this.fetch(path, {
      method: 'POST',
      body: form ? body : JSON.stringify(body),
      ...(!form && { headers: { 'content-type': 'application/json' } }),
    })
    return this.#json<T>(response)
  }

  /** Throws `server.unreachable`. */
  async fetch(path: string, init?: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.address), init)
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause)
      throw new Failure('server.unreachable', { address: this.address, detail }, { cause })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own?.stop()
  }

  async #json<T>(response: Response): Promise<T> {
    const answer: unknown = await response.json()
    if (!response.ok) throw new Refused(answer as FailureAnswer)
    return answer as T
  }
}

/** The server said no, in its own words. */
export class Refused extends Error {
  readonly code: string

  constructor(answer: FailureAnswer) {
    super(answer.error)
    this.code = answer.code
  }
}

async function runningServer(data: string): Promise<string | undefined> {
  try {
    const { address } = JSON.parse(await readFile(openFolder(data).address, 'utf8')) as { address: string }
    const health = await fetch(new URL('/api/health', address), { signal: AbortSignal.timeout(5000) })
    return health.ok ? address : undefined
  } catch {
    // No file, or one that a killed server left: there is nobody.
    return undefined
  }
}
