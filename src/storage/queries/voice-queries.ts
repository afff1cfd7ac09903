import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { BlendPart, InstalledVoice, InstallStatus, VoiceInstall } from '../../novel/installed-voice.ts'
import { engineInfo, type EngineInfo } from '../../speech/worker/worker-protocol.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'
import { noteLeftover } from './deletion-queries.ts'
import { novelState } from '../novel-state.ts'
import { type Eyes, isSeenBy } from './kept-novel-queries.ts'

export async function insertVoice(db: Database, { cost, blend, ...voice }: InstalledVoice): Promise<void> {
  await db
    .insertInto('voices')
    .values({
      ...voice,
      weights: voice.weights ?? null,
      speechPerCpuSecond: cost?.speechPerCpuSecond ?? null,
      memoryBytes: cost?.memoryBytes ?? null,
      blend: blend === undefined ? null : JSON.stringify(blend),
      frontEnd: voice.frontEnd ?? null,
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

/**
 * Moves a voice to another folder, in one commit with the record of leftovers: the new one is none any more, the old one
 * is. Returns whether the voice is still there.
 */
export async function moveVoice(
  db: Database,
  { id, folder }: Pick<InstalledVoice, 'id' | 'folder'>,
  to: string,
): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const { numUpdatedRows } = await commit
      .updateTable('voices')
      .set({ folder: to })
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await commit.deleteFrom('leftoverFiles').where('path', '=', `voices/${to}`).execute()
    await noteLeftover(commit, `voices/${folder}`)
    return true
  })
}

/** For voices installed before checksums of configurations were stored. */
export async function saveConfigChecksum(db: Database, id: string, configChecksum: string): Promise<void> {
  await db.updateTable('voices').set({ configChecksum }).where('id', '=', id).execute()
}

/** Deletes a voice and its role as a default. Its clips stay. */
export async function deleteVoice(db: Database, id: string): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await commit.deleteFrom('voices').where('id', '=', id).execute()
    await commit
      .deleteFrom('voiceDefaults')
      .where((row) => row.or([row('voice', '=', id), row('voice', 'like', `${likePattern(id)}:%`)]))
      .execute()
  })
}

/** The default voice of each language, by `spokenLanguage`. */
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

/** The novels that these eyes see whose default voice is this voice or one of its speakers. */
export async function novelsWithVoice(
  db: Database,
  eyes: Eyes,
  voice: string,
): Promise<{ id: string; title: string }[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'title'])
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(eyes))
    .where((row) => row.or([row('voice', '=', voice), row('voice', 'like', `${likePattern(voice)}:%`)]))
    .orderBy('title')
    .execute()
}

/**
 * Escapes an id for LIKE by replacing `%` with `_`, which matches any one character. Its own `_`, frequent in voice
 * ids, stay wildcards; a false match does no harm.
 */
function likePattern(id: string): string {
  return id.replaceAll('%', '_')
}

function asInstalled(row: Selectable<Tables['voices']>): InstalledVoice {
  const { gender, quality, licence, speakers, configured, configChecksum, pace, ...others } = row
  const { weights, speechPerCpuSecond, memoryBytes, blend, frontEnd, ...same } = others
  return {
    ...same,
    ...(gender !== null && { gender }),
    ...(quality !== null && { quality }),
    ...(licence !== null && { licence }),
    ...(configChecksum !== null && { configChecksum }),
    ...(pace !== null && { pace }),
    ...(weights !== null && { weights }),
    ...(frontEnd !== null && { frontEnd }),
    ...(speechPerCpuSecond !== null && memoryBytes !== null && { cost: { speechPerCpuSecond, memoryBytes } }),
    ...(blend !== null && { blend: parseStoredJson(blend) as BlendPart[] }),
    speakers: parseStoredJson(speakers) as string[],
    configured: configured === 1,
  }
}

/** Inserts an install, in one durable commit. */
export async function insertInstall(db: Database, install: VoiceInstall): Promise<void> {
  await db
    .insertInto('voiceInstalls')
    .values({
      ...install,
      errorMessage: install.errorMessage ?? null,
      completedAt: install.completedAt ?? null,
      weights: install.weights ?? null,
    })
    .execute()
}

export async function installById(db: Database, id: string): Promise<VoiceInstall | undefined> {
  const row = await db.selectFrom('voiceInstalls').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asInstall(row)
}

/** Installs, the latest first. */
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

/** Installs that are not finished, the oldest first. */
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

/** Changes an install that is not finished; returns whether it was not. */
export async function updateInstall(
  db: Database,
  id: string,
  change: { readonly status: InstallStatus; readonly errorMessage?: string; readonly completedAt?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('voiceInstalls')
    .set(change)
    .where('id', '=', id)
    .where('completedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Notes the folder of a model that voices share as a leftover, unless it is a voice's. */
export async function noteSharedModel(db: Database, checksum: string): Promise<void> {
  const voice = await db.selectFrom('voices').select('id').where('checksum', '=', checksum).executeTakeFirst()
  if (voice === undefined) await noteLeftover(db, `voices/${checksum}`)
}

/**
 * Notes the files of an install that is not finished as leftovers, until it is completed; returns whether it was not.
 * Those of a completed one are a voice's. `sharedModel`: its checksum, if the voice shares its model.
 */
export async function noteInstallFiles(db: Database, id: string, sharedModel?: string): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const unfinished = commit
      .selectFrom('voiceInstalls')
      .select('id')
      .where('id', '=', id)
      .where('completedAt', 'is', null)
    if (!(await sqlDialect(commit).lockRows(unfinished).executeTakeFirst())) return false
    await noteLeftover(commit, `voices/${id}`)
    if (sharedModel !== undefined) await noteSharedModel(commit, sharedModel)
    return true
  })
}

/** Inserts the voice and completes its install, in one commit; returns false if the install was finished before. */
export async function completeInstall(db: Database, id: string, voice: InstalledVoice): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const completedAt = new Date().toISOString()
    if (!(await updateInstall(commit, id, { status: 'completed', completedAt }))) return false
    await insertVoice(commit, voice)
    return true
  })
}

export async function isVoiceInstalled(db: Database, id: string): Promise<boolean> {
  return (await db.selectFrom('voices').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

function asInstall(row: Selectable<Tables['voiceInstalls']>): VoiceInstall {
  const { errorMessage, completedAt, weights, ...same } = row
  return {
    ...same,
    ...(errorMessage !== null && { errorMessage }),
    ...(completedAt !== null && { completedAt }),
    ...(weights !== null && { weights }),
  }
}

/**
 * The engines as last reported by a speech worker, in its order; empty before the first report or if a stored one is
 * damaged, until a worker reports again.
 */
export async function knownEngines(db: Database): Promise<EngineInfo[]> {
  const rows = await db.selectFrom('engines').selectAll().orderBy('position').execute()
  try {
    const engines = rows.map(({ name, version, voices }) => ({
      name,
      version,
      voices: parseStoredJson(voices),
    }))
    z.array(engineInfo).parse(engines)
    return engines as EngineInfo[]
  } catch {
    return []
  }
}

/** Replaces all stored engines. */
export async function saveEngines(db: Database, engines: readonly EngineInfo[]): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, 'engines')
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
