import { type Selectable, sql } from 'kysely'
import type { SpeechServer } from '../../novel/speech-server.ts'

import { parseStoredJson } from './column-values.ts'
import type { Tables, Database } from '../database-tables.ts'

/** A server with the voices that it told, or that somebody typed. */
export interface RegisteredServer {
  readonly server: SpeechServer
  readonly voices: readonly string[]
  /** Whether the server told them itself. */
  readonly voicesListed: boolean
}

/** Adds a server under a name that no other has: `nameFor` is given the names in use. Returns it with its name. */
export async function insertServer(
  db: Database,
  known: RegisteredServer,
  nameFor: (taken: ReadonlySet<string>) => string,
): Promise<RegisteredServer> {
  return db.transaction().execute(async (commit) => {
    const rows = await commit.selectFrom('speechServers').select('name').execute()
    const server = { ...known.server, name: nameFor(new Set(rows.map(({ name }) => name))) }
    const added = { ...known, server }
    await commit
      .insertInto('speechServers')
      .values({ ...rowOf(added), createdAt: new Date().toISOString() })
      .execute()
    return added
  })
}

/**
 * Changes a server from what it is at this moment, so that no edit made meanwhile is undone. Returns what it is now;
 * `undefined` if it is not there any more: it does not come back.
 */
export async function updateServer(
  db: Database,
  name: string,
  change: (known: RegisteredServer) => RegisteredServer,
): Promise<RegisteredServer | undefined> {
  return db.transaction().execute(async (commit) => {
    const row = await commit
      .selectFrom('speechServers')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst()
    if (!row) return undefined
    const changed = change(asServer(row))
    await commit.updateTable('speechServers').set(rowOf(changed)).where('name', '=', name).execute()
    return changed
  })
}

function rowOf({ server, voices, voicesListed }: RegisteredServer) {
  return {
    ...server,
    key: server.key ?? null,
    charactersPerMonth: server.charactersPerMonth ?? null,
    pcmRate: server.pcmRate ?? null,
    voices: JSON.stringify(voices),
    voicesListed: voicesListed ? 1 : 0,
  }
}

/** The oldest first. */
export async function listServers(db: Database): Promise<RegisteredServer[]> {
  const rows = await db.selectFrom('speechServers').selectAll().orderBy('createdAt').orderBy('name').execute()
  return rows.map(asServer)
}

/** What it has spoken stays; what it was paid for is forgotten with it. */
export async function deleteServer(db: Database, name: string): Promise<void> {
  await db.deleteFrom('speechServers').where('name', '=', name).execute()
}

/** Characters sent to a server in a month (`2026-11`). */
export async function charactersUsed(db: Database, server: string, month: string): Promise<number> {
  const row = await db
    .selectFrom('speechServerUse')
    .select('characters')
    .where('server', '=', server)
    .where('month', '=', month)
    .executeTakeFirst()
  return row?.characters ?? 0
}

/**
 * Adds to what was sent, durably, before it is sent: a crash may count too much, never too little. One conditional update,
 * so that parallel requests together stay within the server's limit. `false`: the month's characters do not suffice, or
 * the server is gone; nothing was added.
 */
export async function reserveCharacters(
  db: Database,
  server: string,
  month: string,
  characters: number,
): Promise<boolean> {
  await db
    .insertInto('speechServerUse')
    .columns(['server', 'month', 'characters'])
    .expression((from) =>
      from
        .selectFrom('speechServers')
        .select(({ val }) => ['name', val(month).as('month'), val(0).as('characters')])
        .where('name', '=', server),
    )
    .onConflict((conflict) => conflict.columns(['server', 'month']).doNothing())
    .execute()
  const { numUpdatedRows } = await db
    .updateTable('speechServerUse')
    .set(({ eb }) => ({ characters: eb('characters', '+', characters) }))
    .where('server', '=', server)
    .where('month', '=', month)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('speechServers')
          .select('name')
          .where('name', '=', server)
          .where(({ eb, or, ref }) =>
            or([
              eb('charactersPerMonth', 'is', null),
              eb('charactersPerMonth', '>=', eb(ref('speechServerUse.characters'), '+', characters)),
            ]),
          ),
      ),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Takes a reservation back, of what was certainly not sent. */
export async function refundCharacters(
  db: Database,
  server: string,
  month: string,
  characters: number,
): Promise<void> {
  await db
    .updateTable('speechServerUse')
    .set(({ eb, fn, val }) => ({
      characters: fn<number>('max', [val(0), eb('characters', '-', characters)]),
    }))
    .where('server', '=', server)
    .where('month', '=', month)
    .execute()
}

/** What was measured of a server's voice. */
export interface ServerVoiceMeasurement {
  readonly gain: number
  /** Left out: it was measured before paces were. */
  readonly pace?: number
}

export async function serverVoiceMeasurement(
  db: Database,
  { address, model, pcmRate = 0 }: SpeechServer,
  voice: string,
): Promise<ServerVoiceMeasurement | undefined> {
  const row = await db
    .selectFrom('serverVoices')
    .select(['gain', 'pace'])
    .where('address', '=', address)
    .where('voice', '=', voice)
    .where('model', '=', model)
    .where('pcmRate', '=', pcmRate)
    .executeTakeFirst()
  return row && { gain: row.gain, ...(row.pace !== null && { pace: row.pace }) }
}

/** Keeps what was measured first: clips are stored under a key that stands for it. Returns what is kept. */
export async function saveServerVoiceMeasurement(
  db: Database,
  { address, model, pcmRate = 0 }: SpeechServer,
  voice: string,
  { gain, pace }: Required<ServerVoiceMeasurement>,
): Promise<Required<ServerVoiceMeasurement>> {
  return db
    .insertInto('serverVoices')
    .values({ address, voice, model, pcmRate, gain, pace })
    .onConflict((conflict) =>
      conflict.columns(['address', 'voice', 'model', 'pcmRate']).doUpdateSet(({ fn, ref }) => ({
        pace: fn.coalesce(ref('serverVoices.pace'), ref('excluded.pace')),
      })),
    )
    .returning(['gain', sql<number>`pace`.as('pace')])
    .executeTakeFirstOrThrow()
}

function asServer(row: Selectable<Tables['speechServers']>): RegisteredServer {
  const { key, charactersPerMonth, pcmRate, voices, voicesListed, createdAt: _, ...same } = row
  return {
    server: {
      ...same,
      ...(key !== null && { key }),
      ...(charactersPerMonth !== null && { charactersPerMonth }),
      ...(pcmRate !== null && { pcmRate }),
    },
    voices: parseStoredJson(voices) as string[],
    voicesListed: voicesListed === 1,
  }
}
