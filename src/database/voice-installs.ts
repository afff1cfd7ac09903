import type { Selectable } from 'kysely'
import type { InstalledVoice } from '../novel/installed-voice.ts'
import type { InstallStatus, VoiceInstall } from '../novel/voice-install.ts'

import type { Tables, Database } from './tables.ts'
import { insertVoice } from './voices.ts'

/** Writes down that a voice is wanted; after this returns it cannot be lost. */
export async function insertInstall(db: Database, install: VoiceInstall): Promise<void> {
  await db
    .insertInto('voiceInstalls')
    .values({
      ...install,
      errorMessage: install.errorMessage ?? null,
      completedAt: install.completedAt ?? null,
    })
    .execute()
}

export async function installById(db: Database, id: string): Promise<VoiceInstall | undefined> {
  const row = await db.selectFrom('voiceInstalls').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asInstall(row)
}

/** The latest first. */
export async function listInstalls(db: Database, limit: number, offset = 0): Promise<VoiceInstall[]> {
  const rows = await db
    .selectFrom('voiceInstalls')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(asInstall)
}

/** Those that are to be done, the oldest first. */
export async function unfinishedInstalls(db: Database): Promise<VoiceInstall[]> {
  const rows = await db
    .selectFrom('voiceInstalls')
    .selectAll()
    .where('completedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(asInstall)
}

export async function updateInstall(
  db: Database,
  id: string,
  change: { readonly status: InstallStatus; readonly errorMessage?: string; readonly completedAt?: string },
): Promise<void> {
  await db.updateTable('voiceInstalls').set(change).where('id', '=', id).execute()
}

/** The voice and the end of its install, in one commit. */
export async function completeInstall(db: Database, id: string, voice: InstalledVoice): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await insertVoice(commit, voice)
    await updateInstall(commit, id, { status: 'completed', completedAt: new Date().toISOString() })
  })
}

function asInstall(row: Selectable<Tables['voiceInstalls']>): VoiceInstall {
  const { errorMessage, completedAt, ...same } = row
  return {
    ...same,
    ...(errorMessage !== null && { errorMessage }),
    ...(completedAt !== null && { completedAt }),
  }
}
