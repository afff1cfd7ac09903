import type { Selectable } from 'kysely'
import type { SpeechServer } from '../novel/speech-server.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** A server with the voices that it told, or that somebody typed. */
export interface KnownServer {
  readonly server: SpeechServer
  readonly voices: readonly string[]
  /** Whether the server told them itself. */
  readonly voicesListed: boolean
}

export async function saveServer(db: Database, { server, voices, voicesListed }: KnownServer): Promise<void> {
  const row = {
    ...server,
    key: server.key ?? null,
    charactersPerMonth: server.charactersPerMonth ?? null,
    pcmRate: server.pcmRate ?? null,
    voices: JSON.stringify(voices),
    voicesListed: voicesListed ? 1 : 0,
  }
  await db
    .insertInto('speechServers')
    .values({ ...row, createdAt: new Date().toISOString() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
}

/** The oldest first. */
export async function listServers(db: Database): Promise<KnownServer[]> {
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

/** Adds to what was sent, durably, before it is sent: a crash may count too much, never too little. */
export async function useCharacters(
  db: Database,
  server: string,
  month: string,
  characters: number,
): Promise<void> {
  await db
    .insertInto('speechServerUse')
    .values({ server, month, characters })
    .onConflict((conflict) =>
      conflict.columns(['server', 'month']).doUpdateSet(({ eb, ref }) => ({
        characters: eb(ref('speechServerUse.characters'), '+', ref('excluded.characters')),
      })),
    )
    .execute()
}

export async function serverGain(
  db: Database,
  server: string,
  voice: string,
  model: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('speechServerGains')
    .select('gain')
    .where('server', '=', server)
    .where('voice', '=', voice)
    .where('model', '=', model)
    .executeTakeFirst()
  return row?.gain
}

export async function saveServerGain(
  db: Database,
  server: string,
  voice: string,
  model: string,
  gain: number,
): Promise<void> {
  await db
    .insertInto('speechServerGains')
    .values({ server, voice, model, gain })
    .onConflict((conflict) => conflict.columns(['server', 'voice', 'model']).doUpdateSet({ gain }))
    .execute()
}

function asServer(row: Selectable<Tables['speechServers']>): KnownServer {
  const { key, charactersPerMonth, pcmRate, voices, voicesListed, createdAt: _, ...same } = row
  return {
    server: {
      ...same,
      ...(key !== null && { key }),
      ...(charactersPerMonth !== null && { charactersPerMonth }),
      ...(pcmRate !== null && { pcmRate }),
    },
    voices: JSON.parse(voices) as string[],
    voicesListed: voicesListed === 1,
  }
}
