import { type Selectable, sql } from 'kysely'
import type { SpeechServer } from '../../novel/speech-server.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

/** A speech server with its voices. */
export interface RegisteredServer {
  readonly server: SpeechServer
  readonly voices: readonly string[]
  /** `true`: listed by the server; `false`: typed by a user. */
  readonly voicesListed: boolean
}

/** Inserts a server under a unique name, which `nameFor` chooses given the names in use. Returns it with its name. */
export async function insertServer(
  db: Database,
  known: RegisteredServer,
  nameFor: (taken: ReadonlySet<string>) => string,
): Promise<RegisteredServer> {
  return db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, 'speech servers')
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
 * Applies `change` to a server's current row, in one transaction, so that no concurrent edit is lost. Returns the
 * changed server; `undefined` if it was deleted.
 */
export async function updateServer(
  db: Database,
  name: string,
  change: (known: RegisteredServer) => RegisteredServer,
): Promise<RegisteredServer | undefined> {
  return db.transaction().execute(async (commit) => {
    const query = commit.selectFrom('speechServers').selectAll().where('name', '=', name)
    const row = await sqlDialect(commit).lockRows(query).executeTakeFirst()
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

/** All speech servers, the oldest first. */
export async function listServers(db: Database): Promise<RegisteredServer[]> {
  const rows = await db.selectFrom('speechServers').selectAll().orderBy('createdAt').orderBy('name').execute()
  return rows.map(asServer)
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
 * Adds to a month's count of characters, durably and before they are sent: after a crash the count may be too high,
 * never too low. One conditional update, so that parallel requests together stay within the server's limit. Returns
 * `false`, and adds nothing, if the limit would be exceeded or the server was deleted.
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
      // Locked, since one that is deleted meanwhile may have no use.
      sqlDialect(db).lockRows(
        from
          .selectFrom('speechServers')
          .select(({ cast, val }) => [
            'name',
            cast<string>(val(month), 'text').as('month'),
            cast<number>(val(0), 'integer').as('characters'),
          ])
          .where('name', '=', server),
      ),
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

/** Reverts a reservation of characters that were certainly not sent. */
export async function refundCharacters(
  db: Database,
  server: string,
  month: string,
  characters: number,
): Promise<void> {
  await db
    .updateTable('speechServerUse')
    .set(({ eb }) => ({
      characters: eb
        .case()
        .when('characters', '>', characters)
        .then(eb('characters', '-', characters))
        .else(0)
        .end(),
    }))
    .where('server', '=', server)
    .where('month', '=', month)
    .execute()
}

/** Measurements of a speech server's voice. */
export interface ServerVoiceMeasurement {
  readonly gain: number
  /** Left out if measured by a version that measured no pace. */
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

/**
 * Stores a measurement unless there is one: the clip keys of existing clips depend on the first. Only a missing pace is
 * added. Returns the stored measurement.
 */
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
    .returning(['gain', sql<number>`"serverVoices".pace`.as('pace')])
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
