import { sql } from 'kysely'
import { type Clip, type ClipKey, clipKeyName } from '../../novel/clip.ts'
import type { ClipStore } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { clipRows } from '../queries/clip-queries.ts'
import { bytesToHash, checksumColumn } from '../queries/column-values.ts'
import { orderedRows, pairedRows, type Row } from './ordered-rows.ts'
import { RowDigest } from './row-digest.ts'
import type { ComparedRows } from './table-copy.ts'

/** Where clips are: rows of a database, and their audio wherever it is kept. */
export interface ClipPlace {
  readonly db: Database
  readonly clips: ClipStore
}

interface ClipCopyOptions {
  /** Reads the audio of clips that are at the target already, too, and compares it with its checksum. */
  readonly listen: boolean
  /** Keys (`RECIPE/WORDS`) that are damaged at the source: they are left out. Added to. */
  readonly damaged: Set<string>
  readonly onClip?: () => void
  readonly signal?: AbortSignal | undefined
}

const rowsPerBatch = 2000
/** Some 40 kB each. */
const clipsPerBatch = 48

/** A row's checksum is one of all that a clip has, so rows that agree in it have the same clip. */
const selection = {
  table: 'clips.clips',
  key: ['recipe', 'words'],
  columns: sql`recipe, words, ${checksumColumn} AS checksum`,
  batch: rowsPerBatch,
}

/**
 * Makes the clips of the target those of the source. Each batch is one commit, and every clip that is written is read
 * again and compared with its checksum. Ids are the database's own.
 */
export async function copyClips(
  source: ClipPlace,
  target: ClipPlace,
  { listen, damaged, onClip, signal }: ClipCopyOptions,
): Promise<ComparedRows> {
  const digest = new RowDigest()
  let changed = 0
  let wanted: ClipKey[] = []
  let heard: ClipKey[] = []
  const write = async (): Promise<void> => {
    const keys = wanted
    wanted = []
    changed += await copyAudio(source, target, keys, damaged)
  }
  const check = async (): Promise<void> => {
    const keys = heard
    heard = []
    const broken = await brokenAmong(target, keys)
    for (const key of broken) await deleteClip(target.db, key)
    changed += await copyAudio(source, target, broken, damaged)
  }
  const pairs = pairedRows(
    orderedRows(source.db, selection),
    orderedRows(target.db, selection),
    selection.key,
  )
  for await (const { source: row, target: there } of pairs) {
    signal?.throwIfAborted()
    const key = keyOf(row ?? there ?? {})
    if (row && damaged.has(clipKeyName(key)) && !there) continue
    if (row) {
      digest.add(row)
      onClip?.()
    }
    if (!row || (there && row['checksum'] !== there['checksum'])) {
      await deleteClip(target.db, key)
      if (!row) changed++
    }
    if (row && row['checksum'] !== there?.['checksum']) wanted.push(key)
    else if (row && listen) heard.push(key)
    if (wanted.length >= clipsPerBatch) await write()
    if (heard.length >= clipsPerBatch) await check()
  }
  await write()
  await check()
  return { ...digest.digest(), changed }
}

/** Returns the number of clips that were written. One that is gone meanwhile is left out. */
async function copyAudio(
  source: ClipPlace,
  target: ClipPlace,
  keys: readonly ClipKey[],
  damaged: Set<string>,
): Promise<number> {
  const read = await Promise.all(keys.map(async (key) => ({ key, clip: await source.clips.get(key) })))
  const whole: { key: ClipKey; clip: Clip }[] = []
  for (const { key, clip } of read) {
    if (clip === 'damaged') damaged.add(clipKeyName(key))
    else if (clip) whole.push({ key, clip })
  }
  if (whole.length === 0) return keys.length
  await target.clips.put(whole)
  const [broken] = await brokenAmong(
    target,
    whole.map(({ key }) => key),
  )
  if (broken) throw new Error(`the clip ${clipKeyName(broken)} is not what was written`)
  return keys.length
}

async function brokenAmong(place: ClipPlace, keys: readonly ClipKey[]): Promise<ClipKey[]> {
  const read = await Promise.all(keys.map(async (key) => ({ key, clip: await place.clips.get(key) })))
  return read.filter(({ clip }) => clip === undefined || clip === 'damaged').map(({ key }) => key)
}

/** Its audio, where that is an object, is swept. */
async function deleteClip(db: Database, key: ClipKey): Promise<void> {
  await db.deleteFrom('clips.clips').where('id', 'in', clipRows(db, key).select('id')).execute()
}

function keyOf(row: Row): ClipKey {
  const { recipe, words } = row
  if (!(recipe instanceof Uint8Array) || !(words instanceof Uint8Array)) throw new Error('a clip has no key')
  return { recipe: bytesToHash(recipe), words: bytesToHash(words) }
}

/** Bytes of a clip on average, to tell how far a copy is: one of 4 seconds. */
export const typicalClipBytes = 36_000

export async function countClips(db: Database): Promise<number> {
  const { rows } = await sql<{ clips: number }>`SELECT count(*) AS clips FROM clips.clips`.execute(db)
  return rows[0]?.clips ?? 0
}
