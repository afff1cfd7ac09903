import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { Failure } from '../../novel/failure.ts'
import { connectionConfig } from './postgres-driver.ts'

const attempts = 25
const betweenAttemptsMs = 200
const betweenConnectsMs = 1000

/** A machine that lost its power sends no end of its connection; without these its lock would be kept for two hours. */
const tcpKeepalive = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

/**
 * Reserves a database for one server, by a lock of a session: it ends with the process, however that ends. After a
 * restart of Postgres it is taken again.
 */
export class ServerLock implements AsyncDisposable {
  readonly #url: string
  readonly #stopping = new AbortController()
  #client: Client | undefined
  #taking: Promise<void> | undefined
  /** Name and host of the database, without user and password. */
  database = ''

  private constructor(url: string) {
    this.#url = url
  }

  /** Throws `database.unreachable`; `database.in-use` if another server keeps the lock for some seconds. */
  static async take(url: string): Promise<ServerLock> {
    const lock = new ServerLock(url)
    try {
      await lock.#take()
    } catch (cause) {
      await lock[Symbol.asyncDispose]()
      if (cause instanceof Failure) throw cause
      const { message, code } = cause as { readonly message?: string; readonly code?: string }
      throw new Failure('database.unreachable', { detail: message || (code ?? '') }, { cause })
    }
    return lock
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#taking
    await this.#client?.end()
  }

  async #take(): Promise<void> {
    const config = connectionConfig(this.#url)
    const client = new Client({ ...config, options: `${config.options} ${tcpKeepalive}` })
    this.#client = client
    this.database = `${client.database} at ${client.host}`
    client.on('error', () => undefined)
    await client.connect()
    for (let attempt = 1; !(await lockSession(client)); attempt++) {
      if (attempt >= attempts) throw new Failure('database.in-use', { database: this.database })
      await wait(betweenAttemptsMs)
    }
    client.once('end', () => {
      if (!this.#stopping.signal.aborted) this.#taking = this.#takeAgain()
    })
  }

  async #takeAgain(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        return await this.#take()
      } catch {
        await this.#client?.end().catch(() => undefined)
        await wait(betweenConnectsMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }
}

async function lockSession(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    "SELECT pg_try_advisory_lock(hashtextextended('nightjar server', 0)) AS locked",
  )
  return rows[0]?.locked === true
}
