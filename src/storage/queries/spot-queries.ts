import { sql } from 'kysely'
import type { ClipDoubt, DoubtReason } from '../../novel/clip-doubt.ts'
import type { ClipKey } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { bytesToHash, framesColumn, hashToBytes, parseStoredJson } from './column-values.ts'

/** `fine`: somebody has heard it and says so. `retaken`: a take that was asked for was right. */
type Settled = 'fine' | 'retaken'

/** A clip that is, or was, suspicious. */
interface Spot {
  readonly key: ClipKey
  readonly reasons: readonly DoubtReason[]
  /** How many takes were made. */
  readonly takes: number
  /** `undefined`: it is to be checked. */
  readonly settled: Settled | undefined
  /** Which take the clip is; 0: the best of those that were made by themselves. */
  readonly take: number
  /** The take that it replaced because somebody asked for another. */
  readonly replaced: number | undefined
  readonly foundAt: string
}

/** A spot at the first place of a novel where its text stands. */
export interface PlacedSpot extends Spot {
  readonly chapterId: number
  readonly chapterNumber: number
  readonly chapterTitle: string
  readonly index: number
  readonly voice: string
  readonly frames: number
}

/**
 * Stores what new clips are suspected of. What somebody said of a clip stays, if the same clip is found to be the same
 * again.
 */
export async function saveDoubts(
  db: Database,
  doubts: readonly { readonly key: ClipKey; readonly doubt: ClipDoubt }[],
): Promise<void> {
  const foundAt = new Date().toISOString()
  for (const { key, doubt } of doubts) {
    const reasons = JSON.stringify(doubt.reasons)
    await db
      .insertInto('spots')
      .values({
        ...columnsOf(key),
        reasons,
        takes: doubt.takes,
        settled: null,
        foundAt,
        take: 0,
        replaced: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['recipe', 'words']).doUpdateSet((row) => ({
          reasons,
          takes: doubt.takes,
          foundAt,
          take: 0,
          replaced: null,
          settled: sql<
            string | null
          >`CASE WHEN spots.reasons = ${row.ref('excluded.reasons')} THEN spots.settled END`,
        })),
      )
      .execute()
  }
}

/** Which take is in the place of which, and how many were made in all. */
export interface TakenAgain {
  readonly takes: number
  readonly take: number
  readonly replaced: number
}

/** A take that was asked for has replaced the clip: `doubt` is what it is suspected of; none: it is right. */
export async function saveRetake(
  db: Database,
  key: ClipKey,
  taken: TakenAgain,
  doubt?: ClipDoubt,
): Promise<void> {
  await spotRows(db, key)
    .set({
      ...taken,
      settled: doubt ? null : 'retaken',
      ...(doubt && { reasons: JSON.stringify(doubt.reasons) }),
    })
    .execute()
}

/** Says of a spot that it is fine, or that it is to be checked after all. */
export async function settleSpot(db: Database, key: ClipKey, settled: Settled | undefined): Promise<void> {
  await spotRows(db, key)
    .set({ settled: settled ?? null })
    .execute()
}

export async function deleteSpot(db: Database, key: ClipKey): Promise<void> {
  const { recipe, words } = columnsOf(key)
  await db.deleteFrom('spots').where('recipe', '=', recipe).where('words', '=', words).execute()
}

/** Most spots that are listed; more than these no listener checks. */
const mostListed = 1000

/**
 * The spots of a novel in reading order, of clips that exist: those that are to be checked, and those that were.
 * `only`: this one.
 */
export async function spotsOfNovel(db: Database, novelId: string, only?: ClipKey): Promise<PlacedSpot[]> {
  const rows = await db
    .selectFrom('spots')
    // Spots are few: SQLite takes the tables of cross joins in their order, and segments by their text.
    .crossJoin('segments')
    .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
    .innerJoin('recipes', 'recipes.hash', 'spots.recipe')
    .innerJoin('clips.clips as clip', (join) =>
      join.onRef('clip.recipe', '=', 'spots.recipe').onRef('clip.words', '=', 'spots.words'),
    )
    .selectAll('spots')
    .select([
      'chapters.id as chapterId',
      'chapters.number as chapterNumber',
      'chapters.title as chapterTitle',
      'segments.idx as index',
      'recipes.voice',
      framesColumn.as('frames'),
    ])
    .whereRef('segments.words', '=', 'spots.words')
    .where('chapters.novelId', '=', novelId)
    .$if(only !== undefined, (query) => {
      const { recipe, words } = columnsOf(only!)
      return query.where('spots.recipe', '=', recipe).where('spots.words', '=', words)
    })
    .orderBy('chapters.number')
    .orderBy('segments.idx')
    .limit(mostListed)
    .execute()
  const spots = rows.map(({ recipe, words, reasons, settled, frames, replaced, ...row }) => ({
    ...row,
    key: { recipe: bytesToHash(recipe), words: bytesToHash(words) },
    reasons: parseStoredJson(reasons) as DoubtReason[],
    settled: (settled ?? undefined) as Settled | undefined,
    replaced: replaced ?? undefined,
    frames: frames ?? 0,
  }))
  const first = new Map<string, PlacedSpot>()
  for (const spot of spots) {
    const name = `${spot.key.recipe}${spot.key.words}`
    if (!first.has(name)) first.set(name, spot)
  }
  return [...first.values()]
}

function spotRows(db: Database, key: ClipKey) {
  const { recipe, words } = columnsOf(key)
  return db.updateTable('spots').where('recipe', '=', recipe).where('words', '=', words)
}

function columnsOf({ recipe, words }: ClipKey): { recipe: Uint8Array; words: Uint8Array } {
  return { recipe: hashToBytes(recipe), words: hashToBytes(words) }
}
