import { type Cast, emptyCast } from '../../novel/cast.ts'
import type { CastAnalysisState } from '../cast-tables.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { parseStoredJson } from './column-values.ts'
import { isSeenBy } from './kept-novel-queries.ts'
import { lockNovel } from './novel-queries.ts'

/** A role with its voice. */
export interface RoleVoice {
  readonly role: number
  readonly voice: string
}

export interface CastState {
  readonly analysis: CastAnalysisState
  readonly version: number
  readonly lastVersion: number
  /** The version that the book is cut by; `0`: none, or it is not known which; below: see `lapsedCast`. */
  readonly applied: number
}

/** The book was cut by this version, and chapters of it were made anew since, without regard to who speaks. */
export function lapsedCast(applied: number): number {
  return applied < 0 ? applied : -1 - applied
}

export function isLapsed(applied: number): boolean {
  return applied < 0
}

/** The version that it was cut by when it lapsed; `0`: it is not known which. */
export function castBeforeLapse(applied: number): number {
  return applied < 0 ? -1 - applied : 0
}

const noState: CastState = { analysis: 'none', version: 0, lastVersion: 0, applied: 0 }

export async function castStateOf(db: Database, novelId: string): Promise<CastState> {
  const row = await db
    .selectFrom('castStates')
    .select(['analysis', 'version', 'lastVersion', 'applied'])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row ?? noState
}

/** The cast that is shown, with its state. */
export async function castOf(db: Database, novelId: string): Promise<{ cast: Cast; state: CastState }> {
  const row = await db
    .selectFrom('castStates')
    .leftJoin('castVersions', (join) =>
      join.onRef('castVersions.novelId', '=', 'castStates.novelId').onRef('number', '=', 'version'),
    )
    .select(['analysis', 'version', 'lastVersion', 'applied', 'body'])
    .where('castStates.novelId', '=', novelId)
    .executeTakeFirst()
  if (!row) return { cast: emptyCast, state: noState }
  const { body, ...state } = row
  return { cast: body === null ? emptyCast : (parseStoredJson(body) as Cast), state }
}

/** The voices of roles that a novel is spoken in. */
export async function voicesOfNovel(db: Database, novelId: string): Promise<readonly RoleVoice[]> {
  const row = await db
    .selectFrom('castStates')
    .select('voices')
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row ? (parseStoredJson(row.voices) as RoleVoice[]) : []
}

/** Makes an analysis wanted, in the caller's transaction. */
export async function wantAnalysis(db: Database, novelId: string): Promise<void> {
  await db
    .insertInto('castStates')
    .values({ novelId, analysis: 'wanted', version: 0, lastVersion: 0, applied: 0, voices: '[]' })
    .onConflict((conflict) => conflict.column('novelId').doUpdateSet({ analysis: 'wanted' }))
    .execute()
}

export async function endAnalysis(db: Database, novelId: string, analysis: 'done' | 'failed'): Promise<void> {
  await db.updateTable('castStates').set({ analysis }).where('novelId', '=', novelId).execute()
}

/** The novels whose analysis is not done yet. */
export async function wantedAnalyses(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('castStates')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select('novelId')
    .where('analysis', '=', 'wanted')
    .where('complete', '=', novelState.shelved)
    .execute()
  return rows.map(({ novelId }) => novelId)
}

/** Versions that can be undone; those before are removed. */
const keptVersions = 50

/**
 * Adds a version of a cast, which is shown from now on; what was undone is gone then. `from`: the version that it was made
 * of. Returns its number; `undefined`: another is shown by now, or the novel is gone.
 */
export async function saveCast(
  db: Database,
  novelId: string,
  from: number,
  change: (cast: Cast) => Cast,
): Promise<number | undefined> {
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return undefined
    const { cast, state } = await castOf(commit, novelId)
    if (state.version !== from) return undefined
    return addVersion(commit, novelId, state, change(cast))
  })
}

/** The same in the caller's transaction, which holds the novel's lock. */
export async function addVersion(
  commit: Database,
  novelId: string,
  { version, lastVersion }: CastState,
  cast: Cast,
): Promise<number> {
  const number = lastVersion + 1
  const own = commit.deleteFrom('castVersions').where('novelId', '=', novelId)
  await own.where('number', '>', version).execute()
  await own.where('number', '<=', number - keptVersions).execute()
  await commit
    .insertInto('castVersions')
    .values({ novelId, number, body: JSON.stringify(cast), createdAt: new Date().toISOString() })
    .execute()
  await commit
    .insertInto('castStates')
    .values({ novelId, analysis: 'none', version: number, lastVersion: number, applied: 0, voices: '[]' })
    .onConflict((conflict) =>
      conflict.column('novelId').doUpdateSet({ version: number, lastVersion: number }),
    )
    .execute()
  return number
}

/** The number of the version before or behind the one that is shown. */
export async function neighbourVersion(
  db: Database,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<number | undefined> {
  const { version } = await castStateOf(db, novelId)
  const undo = direction === 'undo'
  const row = await db
    .selectFrom('castVersions')
    .select('number')
    .where('novelId', '=', novelId)
    .where('number', undo ? '<' : '>', version)
    .orderBy('number', undo ? 'desc' : 'asc')
    .limit(1)
    .executeTakeFirst()
  return row?.number
}

/** Shows the version before, or the one behind. Returns whether there is one. */
export async function revertCast(
  db: Database,
  novelId: string,
  direction: 'undo' | 'redo',
): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) return false
    const number = await neighbourVersion(commit, novelId, direction)
    if (number === undefined) return false
    await commit.updateTable('castStates').set({ version: number }).where('novelId', '=', novelId).execute()
    return true
  })
}

/** Notes which version the book is cut by, and the voices that it is spoken in; in the caller's transaction. */
export async function setApplied(
  commit: Database,
  novelId: string,
  applied: number,
  voices: readonly RoleVoice[],
): Promise<void> {
  await commit
    .updateTable('castStates')
    .set({ applied, voices: JSON.stringify(voices) })
    .where('novelId', '=', novelId)
    .execute()
}

/** The casts of other novels of a series that who sees this one sees, the last added first. */
export async function castsOfSeries(db: Database, novelId: string): Promise<Cast[]> {
  const novel = await db
    .selectFrom('novels')
    .select(['metadata', 'author', 'keeper'])
    .where('id', '=', novelId)
    .executeTakeFirst()
  const series = seriesOf(novel?.metadata)
  if (novel === undefined || series === undefined) return []
  const rows = await db
    .selectFrom('novels')
    .innerJoin('castStates', 'castStates.novelId', 'novels.id')
    .innerJoin('castVersions', (join) =>
      join.onRef('castVersions.novelId', '=', 'novels.id').onRef('number', '=', 'version'),
    )
    .select(['metadata', 'body'])
    .where('novels.author', '=', novel.author)
    .where('novels.id', '!=', novelId)
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(novel.keeper ?? ''))
    .orderBy('novels.createdAt', 'desc')
    .execute()
  return rows
    .filter(({ metadata }) => seriesOf(metadata) === series)
    .map(({ body }) => parseStoredJson(body) as Cast)
}

function seriesOf(metadata: string | undefined): string | undefined {
  if (metadata === undefined) return undefined
  const { series } = parseStoredJson(metadata) as { series?: { name?: string } }
  return series?.name?.trim().toLowerCase()
}
