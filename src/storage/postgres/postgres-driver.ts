import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { DatabaseError, Pool, type PoolClient, type PoolConfig, types } from 'pg'
import type { ConnectionWatch } from './connection-watch.ts'

const int8 = 20
const numeric = 1700
const bytea = 17

/**
 * The parsers of one pool: `pg.types.setTypeParser` would change those of every program in the process. Integers and
 * sums become numbers, as in SQLite; bytes a `Uint8Array`.
 */
const parsers: PoolConfig['types'] = {
  getTypeParser(type: number, format?: 'text' | 'binary') {
    if (format === 'binary') return types.getTypeParser(type, 'binary')
    if (type === int8 || type === numeric) return safeNumber
    if (type === bytea) return bytesOf
    return types.getTypeParser(type, 'text')
  },
}

function safeNumber(text: string): number {
  const number = Number(text)
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) throw new RangeError(`${text} is no safe integer`)
  return number
}

/** Of the form `\x00ff`. */
function bytesOf(text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text.slice(2), 'hex')
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A connection that could not be opened, or was lost. It has the SQLSTATE of the standard for that. */
class ConnectionFailed extends Error {
  readonly severity = 'FATAL'
  readonly code = '08006'
}

/** `pg` reports a lost connection by a plain error without a SQLSTATE. */
export function withState(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const { code } = error as { readonly code?: unknown }
  const fromSocket = typeof code === 'string' && /^E[A-Z_]+$/.test(code)
  if (!fromSocket && !/connect|query read timeout/i.test(error.message)) return error
  return new ConnectionFailed(`the database does not answer: ${error.message || String(code)}`, {
    cause: error,
  })
}

/**
 * Generic plans: a recipe that has just begun has no statistics, and a plan made for its values scans all its clips
 * (4 to 5 times the time of a clip). A statement that hangs must not hold what others wait for.
 */
const options =
  '-c plan_cache_mode=force_generic_plan -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000'

const connectTimeoutMs = 10_000
/** Later than Postgres ends a statement by itself: then its connection is lost. */
const answerTimeoutMs = 40_000
/** Of a connection that nobody uses, its end is noticed after so long. */
const keepAliveMs = 10_000

/** What a pool and a single connection have in common. */
export function connectionConfig(url: string) {
  return {
    connectionString: url,
    application_name: 'nightjar',
    options,
    types: parsers,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  } as const
}

/**
 * For pg-boss, which plans its statements itself and reads what they return by the parsers of `pg`. A connection that
 * is gone without a word must not hold its callers for ever.
 */
export function jobConnectionConfig(url: string, watch: ConnectionWatch | undefined) {
  const { connectionString, connectionTimeoutMillis, keepAlive, keepAliveInitialDelayMillis } =
    connectionConfig(url)
  return {
    connectionString,
    connectionTimeoutMillis,
    keepAlive,
    keepAliveInitialDelayMillis,
    ...(watch && { stream: watch.stream }),
    query_timeout: 60_000,
    application_name: 'nightjar jobs',
    max: 3,
  } as const
}

/** What pg-boss runs a statement by. */
export interface JobStatements {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/**
 * Connections for jobs that are only hints: their commits do not wait for the disk, and so do not hold up those that do.
 * What a crash of Postgres takes of them is the last half second, of all of them together.
 */
export function hintConnections(
  url: string,
  watch: ConnectionWatch | undefined,
): JobStatements & AsyncDisposable {
  const pool = new Pool({
    ...jobConnectionConfig(url, watch),
    application_name: 'nightjar hints',
    options: '-c synchronous_commit=off',
  })
  // The next statement reports it as well; without a listener it would end the process.
  pool.on('error', ignore)
  return {
    executeSql: (text, values) => pool.query(text, values),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** A new connection has to prepare its statements anew. */
const idleMs = 5 * 60_000

/** A pool for Kysely. Errors of the connection have a SQLSTATE; frequent statements are prepared once per connection. */
export function postgresPool(url: string, connections: number, watch?: ConnectionWatch): PostgresPool {
  const pool = new Pool({
    ...connectionConfig(url),
    ...(watch && { stream: watch.stream, query_timeout: answerTimeoutMs }),
    max: connections,
    idleTimeoutMillis: idleMs,
    pipeline: true,
  })
  // Both events report what the next statement reports as well; without a listener they would end the process.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  const names = new StatementNames()
  const clients = new WeakMap<PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw withState(error)
      })
      const known = clients.get(client) ?? prepared(client, names)
      clients.set(client, known)
      return known
    },
  }
}

function ignore(): void {}

/** What Kysely begins a transaction with. */
const begin = 'begin'

function prepared(client: PoolClient, names: StatementNames): PostgresPoolClient {
  let begins = false
  const send = (text: string, values: readonly unknown[]) => {
    const name = names.nameOf(text)
    return client.query({ text, values: values.map(withoutNull), ...(name !== undefined && { name }) })
  }
  /** The beginning of a transaction and its first statement are one way to the database and back. */
  const sendWithBegin = async (text: string, values: readonly unknown[]) => {
    const [, result] = await Promise.all([client.query(begin), send(text, values)])
    return result
  }
  /** What is asked for in one turn of the event loop is one packet. */
  const gather = () => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    process.nextTick(() => stream.uncork())
  }
  const query = async (text: unknown, values: readonly unknown[] = []) => {
    // The other form, a cursor, is for streams of rows, which no query uses.
    if (typeof text !== 'string') throw new TypeError('the driver has no cursors')
    const isFirst = begins
    begins = text === begin
    if (begins) return nothing
    if (isFirst && endsTransaction.test(text)) return nothing
    gather()
    try {
      return await (isFirst ? sendWithBegin(text, values) : send(text, values))
    } catch (error) {
      throw withState(error)
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  }
}

/** The answer to what was not sent, or not yet. */
const nothing = { command: 'BEGIN', rowCount: 0, rows: [] }
const endsTransaction = /^(?:commit|rollback)$/i

/** Postgres has no U+0000 in a text; books have. */
function withoutNull(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
}

const usesBeforeName = 3
/** As many as the driver of SQLite keeps. The server keeps each for as long as the connection lasts. */
const maxNames = 200
const maxTexts = 2000

/** Names for the statements that are run often: parsing and planning one takes several times as long as running it. */
class StatementNames {
  readonly #uses = new Map<string, number>()
  readonly #names = new Map<string, string>()

  nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= maxNames || !isPlanned.test(text)) return known
    const uses = (this.#uses.get(text) ?? 0) + 1
    if (this.#uses.size >= maxTexts) this.#uses.clear()
    this.#uses.set(text, uses)
    if (uses < usesBeforeName) return undefined
    const name = createHash('sha1').update(text).digest('hex')
    this.#names.set(text, name)
    return name
  }
}

const isPlanned = /^\s*(?:select|insert|update|delete|with)\b/i
