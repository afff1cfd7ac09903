import type { Selectable } from 'kysely'
import type { InstalledVoice } from '../novel/installed-voice.ts'

import { parseStoredJson } from './json.ts'
import type { Tables, Database } from './tables.ts'

export async function insertVoice(db: Database, voice: InstalledVoice): Promise<void> {
  await db
    .insertInto('voices')
    .values({
      ...voice,
      gender: voice.gender ?? null,
      quality: voice.quality ?? null,
      licence: voice.licence ?? null,
      configChecksum: voice.configChecksum ?? null,
      pace: voice.pace ?? null,
      speakers: JSON.stringify(voice.speakers),
      configured: voice.configured ? 1 : 0,
    })
    .execute()
}

/** The installed voices, the oldest first. */
export async function listVoices(db: Database): Promise<InstalledVoice[]> {
  const rows = await db.selectFrom('voices').selectAll().orderBy('createdAt').orderBy('id').execute()
  return rows.map(asInstalled)
}

export async function renameVoice(
  db: Database,
  id: string,
  change: { readonly name?: string; readonly language?: string },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db.updateTable('voices').set(change).where('id', '=', id).execute()
}

/** For voices from before checksums of configurations were kept. */
export async function saveConfigChecksum(db: Database, id: string, configChecksum: string): Promise<void> {
  await db.updateTable('voices').set({ configChecksum }).where('id', '=', id).execute()
}

/** Forgets a voice. What it has spoken stays. */
export async function deleteVoice(db: Database, id: string): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await commit.deleteFrom('voices').where('id', '=', id).execute()
    await commit
      .deleteFrom('voiceDefaults')
      .where((row) => row.or([row('voice', '=', id), row('voice', 'like', `${likePattern(id)}:%`)]))
      .execute()
  })
}

/** The chosen voice of each language, by `spokenLanguage`. */
export async function voiceDefaults(db: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('voiceDefaults').selectAll().execute()
  return new Map(rows.map(({ language, voice }) => [language, voice]))
}

export async function saveVoiceDefault(db: Database, language: string, voice: string): Promise<void> {
  await db
    .insertInto('voiceDefaults')
    .values({ language, voice })
    .onConflict((conflict) => conflict.column('language').doUpdateSet({ voice }))
    .execute()
}

/** The novels that are spoken by a voice, or by any of its speakers, unless told otherwise. */
export async function novelsWithVoice(db: Database, voice: string): Promise<{ id: string; title: string }[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'title'])
    .where((row) => row.or([row('voice', '=', voice), row('voice', 'like', `${likePattern(voice)}:%`)]))
    .orderBy('title')
    .execute()
}

/** `_` and `%` stand for anything in a pattern; names of voices are full of `_`, and one too many found does no harm. */
function likePattern(id: string): string {
  return id.replaceAll('%', '_')
}

function asInstalled(row: Selectable<Tables['voices']>): InstalledVoice {
  const { gender, quality, licence, speakers, configured, configChecksum, pace, ...same } = row
  return {
    ...same,
    ...(gender !== null && { gender }),
    ...(quality !== null && { quality }),
    ...(licence !== null && { licence }),
    ...(configChecksum !== null && { configChecksum }),
    ...(pace !== null && { pace }),
    speakers: parseStoredJson(speakers) as string[],
    configured: configured === 1,
  }
}
