import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { FailureAnswer } from '../http/contract/field-contract.ts'
import { Failure } from '../novel/failure.ts'
import { openDataFolder } from '../storage/local/data-paths.ts'

/** Settings of `config.ts` and the start function of `main.ts`, passed to the commands. */
export interface CliContext<Settings extends CliSettings = CliSettings> {
  readonly settings: Settings
  start(settings: Settings, options: { work?: boolean }): Promise<RunningServer>
}

export interface CliSettings {
  readonly NIGHTJAR_DATA: string
  /** Speech workers. */
  readonly NIGHTJAR_SPEAKERS: number
  /** Empty: SQLite in the data folder. */
  readonly NIGHTJAR_DATABASE: string
  /** Empty: the data folder. */
  readonly NIGHTJAR_OBJECTS: string
  readonly HOST: string
  readonly PORT: number
  readonly NIGHTJAR_AUTH: '' | 'none' | 'accounts'
  readonly NIGHTJAR_LOG: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

export interface RunningServer {
  readonly address: string
  stop(): Promise<void>
}

/** Client of the server that runs on the data folder, or of one that this command starts and stops when disposed. */
export class ApiClient implements AsyncDisposable {
  readonly address: string
  readonly #ownServer: RunningServer | undefined
  /** Lets the commands of this machine in, where people have to sign in. */
  readonly #secret: string | undefined

  private constructor({ address, secret }: PublishedServer, own: RunningServer | undefined) {
    this.address = address
    this.#secret = secret
    this.#ownServer = own
  }

  /**
   * Connects to the running server if the data folder is locked; otherwise starts one, which with `work: false` does
   * not speak a book. Throws what starting throws, and `storage.in-use` if the running server does not answer.
   */
  static async connect({ settings, start }: CliContext, options: { work: boolean }): Promise<ApiClient> {
    // One tells the voices and speaks a sample.
    const speakers = options.work ? settings.NIGHTJAR_SPEAKERS : Math.min(1, settings.NIGHTJAR_SPEAKERS)
    const quiet = { ...settings, NIGHTJAR_SPEAKERS: speakers, HOST: '127.0.0.1', PORT: 0, ...unseen }
    try {
      const ownServer = await start(quiet, options)
      return new ApiClient(ownServer, ownServer)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'storage.in-use') throw error
      return new ApiClient(await findRunningServer(settings.NIGHTJAR_DATA), undefined)
    }
  }

  /** A server elsewhere. `token`: left out where nobody asks for one. */
  static at(address: string, token?: string): ApiClient {
    const secret = token !== undefined && { secret: token }
    return new ApiClient({ address: address.replace(/\/*$/, '/'), ...secret }, undefined)
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

  async delete<T>(path: string): Promise<T> {
    return this.#json<T>(await this.fetch(path, { method: 'DELETE' }))
  }

  /** The audio of the response, as it arrives. Throws `ApiError`, `server.unreachable`. */
  async postForAudio(path: string, body: object): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (response.ok && response.body) return response.body
    const { error } = (await response.json()) as { error: string | { message: string } }
    const message = typeof error === 'string' ? error : error.message
    throw new ApiError(response.status, { code: 'voice.silent', error: message })
  }

  /** Throws `server.unreachable`. */
  async fetch(path: string, init?: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.address), { ...init, headers: this.#headers(init) })
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause)
      throw new Failure('server.unreachable', { address: this.address, detail }, { cause })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ownServer?.stop()
  }

  #headers({ headers }: RequestInit = {}): Headers {
    const sent = new Headers(headers)
    if (this.#secret !== undefined) sent.set('authorization', `Bearer ${this.#secret}`)
    return sent
  }

  async #json<T>(response: Response): Promise<T> {
    const answer: unknown = await response.json()
    if (!response.ok) throw new ApiError(response.status, answer as FailureAnswer)
    return answer as T
  }
}

/** An error response of the server, with its code and message. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, { code, error }: Pick<FailureAnswer, 'code' | 'error'>) {
    super(error)
    this.status = status
    this.code = code
  }
}

const serverStartTimeoutMs = 30_000
const pollIntervalMs = 100

/** What a server writes into its data folder. */
interface PublishedServer {
  readonly address: string
  readonly secret?: string
}

/** A server for one command, of which nobody else is told. */
const unseen = { NIGHTJAR_LOG: 'error', NIGHTJAR_AUTH: 'none' } as const

/** Address of the server that runs on a data folder; waits for one that is starting. Throws `storage.in-use`. */
async function findRunningServer(data: string): Promise<PublishedServer> {
  const folder = openDataFolder(data)
  for (const until = Date.now() + serverStartTimeoutMs; Date.now() < until; await wait(pollIntervalMs)) {
    try {
      const server = JSON.parse(await readFile(folder.serverAddress, 'utf8')) as PublishedServer
      const alive = await fetch(new URL('/livez', server.address), { signal: AbortSignal.timeout(5000) })
      if (alive.ok) return server
    } catch {
      // Not written yet, or not listening yet.
    }
  }
  throw new Failure('storage.in-use', { folder: folder.root })
}
