import { z } from 'zod'
import { engineInfo, type EngineInfo } from '../speech/speaker-protocol.ts'
import type { Database } from './tables.ts'
import { parseStoredJson } from './json.ts'

/**
 * The engines as the workers last told them, in their order; none before the first worker was ever ready, or
 * where what it told is damaged: the next one tells it again.
 */
export async function knownEngines(db: Database): Promise<EngineInfo[]> {
  const rows = await db.selectFrom('engines').selectAll().orderBy('position').execute()
  try {
    const told = rows.map(({ name, version, voices }) => ({ name, version, voices: parseStoredJson(voices) }))
    z.array(engineInfo).parse(told)
    return told as EngineInfo[]
  } catch {
    return []
  }
}

export async function saveEngines(db: Database, engines: readonly EngineInfo[]): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await commit.deleteFrom('engines').execute()
    const rows = engines.map(({ name, version, voices }, position) => ({
      name,
      position,
      version,
      voices: JSON.stringify(voices),
    }))
    if (rows.length > 0) await commit.insertInto('engines').values(rows).execute()
  })
}
