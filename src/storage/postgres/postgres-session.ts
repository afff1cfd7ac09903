import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, type Notification } from 'pg'
import { connectionConfig, withState } from './postgres-driver.ts'

export interface SessionOptions {
  /** Called with each new connection, before anybody else uses it. */
  readonly onOpen?: (session: SessionQueries) => Promise<void>
  /** Called when the connection is lost: whatever belonged to its session has ended. */
  readonly onLost?: (error: Error) => void
  readonly onNotice?: (text: string) => void
  /** Milliseconds; left out: 5 s. */
  readonly heartbeatMs?: number | undefined
}

export interface SessionQueries {
  /** Throws an error with a SQLSTATE, also while there is no connection. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

const betweenConnectsMs = 1000
/** A connection of which nothing is heard for two of these is given up: before the server of the database gives it up. */
const defaultHeartbeatMs = 5000

/** A machine that lost its power sends no end of its connection; without these its locks would be kept for two hours. */
const tcpKeepalive = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

/**
 * One connection outside the pool, for what lives as long as its session: locks, and listening to notices. When it is
 * lost it is opened again, once a second. Close it by disposing of it.
 */
export class PostgresSession implements SessionQueries, AsyncDisposable {
  readonly #url: string
  readonly #options: SessionOptions
  readonly #stopping = new AbortController()
  #client: Client | undefined
  #last: Promise<unknown> = Promise.resolve()
  #socket: Socket | undefined
  #reopening: Promise<void> | undefined
  #heartbeat: NodeJS.Timeout | undefined

  private constructor(url: string, options: SessionOptions) {
    this.#url = url
    this.#options = options
  }

  /** Throws what the driver throws if the database cannot be reached. */
  static async open(url: string, options: SessionOptions = {}): Promise<PostgresSession> {
    const session = new PostgresSession(url, options)
    await session.#open()
    return session
  }

  query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = this.#client
    if (!client) return Promise.reject(withState(new Error('the connection was lost')))
    return this.#inTurn(() => rowsOf<Row>(client, text, values))
  }

  get #heartbeatMs(): number {
    return this.#options.heartbeatMs ?? defaultHeartbeatMs
  }

  /** A connection runs one statement at a time. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run)
    this.#last = result.catch(() => undefined)
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    clearInterval(this.#heartbeat)
    await this.#reopening
    await this.#client?.end().catch(() => undefined)
    this.#client = undefined
  }

  async #open(): Promise<void> {
    const config = connectionConfig(this.#url)
    let socket: Socket | undefined
    const client = new Client({
      ...config,
      options: `${config.options} ${tcpKeepalive}`,
      stream: () => (socket = new Socket()),
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { onOpen, onNotice } = this.#options
      client.on('notification', ({ payload = '' }: Notification) => onNotice?.(payload))
      await onOpen?.({ query: (text, values = []) => rowsOf(client, text, values) })
    } catch (error) {
      await client.end().catch(() => undefined)
      throw withState(error)
    }
    this.#client = client
    this.#socket = socket
    client.once('end', () => this.#lost())
    clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => void this.#beat(client), this.#heartbeatMs).unref()
  }

  #lost(): void {
    this.#client = undefined
    clearInterval(this.#heartbeat)
    if (this.#stopping.signal.aborted) return
    this.#options.onLost?.(new Error('the connection to the database was lost'))
    this.#reopening = this.#reopen()
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        return await this.#open()
      } catch {
        await wait(betweenConnectsMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #beat(client: Client): Promise<void> {
    const socket = this.#socket
    let answered = false
    // An answer that came while this process stood still is read before the immediate.
    const late = setTimeout(() => setImmediate(() => !answered && socket?.destroy()), this.#heartbeatMs)
    await this.#inTurn(() => client.query('SELECT 1')).catch(() => undefined)
    answered = true
    clearTimeout(late)
  }
}

async function rowsOf<Row extends object>(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  try {
    const { rows } = await client.query<Row>(text, [...values])
    return rows
  } catch (error) {
    throw withState(error)
  }
}
