import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../database-tables.ts'
import type { ConnectionWatch } from './connection-watch.ts'
import { connectionConfig } from './postgres-driver.ts'
import { PostgresSession, type SessionQueries } from './postgres-session.ts'

const attempts = 25
const betweenAttemptsMs = 200

/** The first of two numbers of an advisory lock, whose second says where a server's objects are. */
const objectsClass = 0x6e6a

/** Name and host of a database, without user and password. */
export function databaseName(url: string): string {
  const { database, host } = new Client(connectionConfig(url))
  return `${database} at ${host}`
}

interface PresenceOptions {
  /** Identity of the server's object store. */
  readonly identify?: (() => Promise<string>) | undefined
  /** Its other connections. */
  readonly watch?: ConnectionWatch
  readonly heartbeatMs?: number | undefined
}

/**
 * Tells a database that a server uses it, until that is disposed of or the process ends: any number do, while `nightjar
 * migrate` has none beside it. Servers with another object store are refused, because each would look in vain for what the
 * other has stored. Throws `database.unreachable`, `database.in-use` if a copy goes on for some seconds,
 * `database.other-objects`, and what `identify` throws.
 */
export async function enterDatabase(
  url: string,
  { identify, watch, heartbeatMs }: PresenceOptions = {},
): Promise<AsyncDisposable> {
  const database = databaseName(url)
  let identity: Promise<string> | undefined
  const onOpen = async (session: SessionQueries): Promise<void> => {
    for (let attempt = 1; !(await shareDatabase(session)); attempt++) {
      if (attempt >= attempts) throw new Failure('database.in-use', { database })
      await wait(betweenAttemptsMs)
    }
    watch?.closeSilent()
    if (!identify) return
    // One at a time: an empty store gets its identity now.
    await session.query('SELECT pg_advisory_lock($1, 0)', [objectsClass])
    const agreed = await agreeOnObjects(session, await (identity ??= identify()))
    await session.query('SELECT pg_advisory_unlock($1, 0)', [objectsClass])
    if (!agreed) throw new Failure('database.other-objects', { database })
  }
  try {
    return await PostgresSession.open(url, { onOpen, onLost: () => watch?.lost(), heartbeatMs })
  } catch (cause) {
    const state = (cause as { readonly code?: unknown }).code
    if (cause instanceof Failure || typeof state !== 'string') throw cause
    throw new Failure('database.unreachable', { detail: (cause as Error).message || state }, { cause })
  }
}

async function shareDatabase({ query }: SessionQueries): Promise<boolean> {
  const [row] = await query<{ locked: boolean }>(databaseLock('shared'))
  return row?.locked === true
}

/** The statement that tries to take the lock which servers share and a copy has alone; `locked`: whether it got it. */
export function databaseLock(mode: 'shared' | 'alone'): string {
  const lock = mode === 'shared' ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock'
  return `SELECT ${lock}(hashtextextended('nightjar server', 0)) AS locked`
}

/** Whether this process is the only one that has registered its use of the database. */
export async function isAlone(db: Database): Promise<boolean> {
  const { rows } = await sql<{ sessions: number }>`
    SELECT count(*) AS sessions FROM pg_locks, hashtextextended('nightjar server', 0) AS key
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND ((classid::int8 << 32) | objid::int8) = key
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db)
  return rows[0]?.sessions === 1
}

async function agreeOnObjects({ query }: SessionQueries, identity: string): Promise<boolean> {
  // Never 0, which is the lock of those that begin.
  const own = createHash('sha256').update(identity).digest().readUInt32BE(0) >>> 2 || 1
  const [row] = await query<{ agreed: boolean }>(
    `SELECT NOT EXISTS (
       SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = $1::int8::oid
       AND objid NOT IN (0, $2::int8::oid)
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     ) AS agreed`,
    [objectsClass, own],
  )
  if (row?.agreed !== true) return false
  await query('SELECT pg_advisory_lock_shared($1, $2)', [objectsClass, own])
  return true
}
