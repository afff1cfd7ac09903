import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import type { Generation } from '../../novel/generation.ts'
import { usuallyAhead } from '../../novel/reading-window.ts'
import type { Database } from '../../storage/database-tables.ts'
import { saveCasting } from '../../storage/queries/casting-queries.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { addGeneration, generationById, updateGeneration } from '../../storage/queries/generation-queries.ts'
import {
  deleteKeptAhead,
  type KeptAhead,
  keptAheadOf,
  ownChapterSet,
  type ReadingWindow,
  replaceChapters,
  saveKeptAhead,
  windowOf,
} from '../../storage/queries/kept-ahead-queries.ts'
import { lockNovel, novelById, type NovelRow, updateNovel } from '../../storage/queries/novel-queries.ts'
import { insertReadyChapters } from '../../storage/queries/ready-chapter-queries.ts'
import { type CastRecipes, castingFor } from '../voices/generation-recipes.ts'
import type { GenerationParts } from './generation-requests.ts'
import { totalCounts } from './generation-progress.ts'

/** What a listener wants of a novel; what is left out is as usual, also where it was otherwise before. */
export interface AheadRequest {
  /** How many chapters; left out: as many as before, else 20. */
  readonly chapters?: number | undefined
  /** Left out: the novel's, also when that is changed. */
  readonly voice?: string | undefined
  readonly speed?: number | undefined
  /** Left out: as before, else 0. */
  readonly priority?: number | undefined
  readonly paused?: boolean | undefined
}

/**
 * Has so many chapters of a novel spoken ahead of whoever listens, from now on, durably. Asked again it changes what there
 * is. Throws `novel.unknown`, `chapter.nothing-to-speak`, `voice.unknown`, `voice.none`.
 */
export async function keepAhead(
  parts: GenerationParts,
  novelId: string,
  request: AheadRequest,
): Promise<KeptAhead> {
  const kept = await moveWindow(parts, novelId, request)
  if (!kept) throw new Failure('novel.unknown', { novelId })
  return kept
}

/** What is kept ahead of a novel, unless that was stopped, or cancelled with its generation. */
export async function currentlyAhead(
  db: Database,
  novelId: string,
): Promise<{ readonly kept: KeptAhead; readonly generation: Generation } | undefined> {
  const kept = await keptAheadOf(db, novelId)
  const generation = kept && (await generationById(db, kept.generationId))
  return generation && generation.desiredState !== 'cancelled' ? { kept, generation } : undefined
}

/** Stops it, durably. What is spoken stays. Returns whether there was anything to stop. */
export async function stopKeepingAhead(
  { db, eventBus, dispatcher }: GenerationParts,
  novelId: string,
): Promise<boolean> {
  const stopped = await db.transaction().execute(async (commit) => {
    if (!(await lockNovel(commit, novelId))) throw new Failure('novel.unknown', { novelId })
    const found = await currentlyAhead(commit, novelId)
    await deleteKeptAhead(commit, novelId)
    // What it has made is an ordinary generation that is completed.
    if (found && found.generation.completedAt === undefined)
      await updateGeneration(commit, found.generation.id, { desiredState: 'cancelled' })
    return found
  })
  if (!stopped) return false
  const { id } = stopped.generation
  eventBus.publish({ kind: 'generation', id })
  eventBus.publish({ kind: 'novel', id: novelId })
  await dispatcher.refreshOne(id)
  return true
}

/** Others may change it meanwhile; nobody does so this often. */
const maxAttempts = 5

/**
 * Gives the generation that keeps ahead of a novel's listeners the chapters that are to be spoken now: those that come into
 * the window, and no more those that leave it unspoken. Does nothing where nothing is kept ahead, or the novel is in the
 * trash. Whoever does so at the same time finds it done. `request`: what is wanted from now on.
 */
export async function moveWindow(
  parts: GenerationParts,
  novelId: string,
  request?: AheadRequest,
): Promise<KeptAhead | undefined> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const moved = await tryMove(parts, novelId, request)
    if (moved !== 'outdated') return moved
  }
  throw new Error(`what is kept ahead of novel ${novelId} changed each time that it was moved`)
}

interface Moved {
  readonly kept: KeptAhead
  /** Ids of the generations that are others than before. */
  readonly changed: readonly string[]
  readonly chapters: readonly ChapterRow[]
}

async function tryMove(
  parts: GenerationParts,
  novelId: string,
  request: AheadRequest | undefined,
): Promise<KeptAhead | 'outdated' | undefined> {
  const { db, webhooks, dispatcher, eventBus } = parts
  const [novel, before] = [await novelById(db, novelId), await currentlyAhead(db, novelId)]
  if (!novel || (!before && !request)) return undefined
  const wanted = wantedOf(request, before?.kept)
  const cast = await castOf(parts, novel, wanted, request === undefined)
  const seen = await windowOf(db, novelId, wanted.chapters)
  if (request && seen.chapters.length === 0 && seen.places === '')
    throw new Failure('chapter.nothing-to-speak')
  if (cast && novel.voice === null && wanted.voice === null)
    await updateNovel(db, novelId, { voice: cast.recipes[0].voice })
  const { casting } = cast ?? before!.generation
  const ready = await webhooks.readyBefore(casting, seen.chapters)
  const isWhole = before && (await isSpoken(parts, before.generation, seen.chapters))
  const moved = await db.transaction().execute(async (commit): Promise<Moved | 'outdated'> => {
    if (!(await lockNovel(commit, novelId))) return 'outdated'
    const now = await currentlyAhead(commit, novelId)
    if (now?.kept.generationId !== before?.kept.generationId) return 'outdated'
    const window = await windowOf(commit, novelId, wanted.chapters)
    const written = await writeWindow(commit, { now, wanted, cast, window, request, novelId, isWhole })
    const inWindow = new Set(window.chapters.map(({ id }) => id))
    await insertReadyChapters(
      commit,
      casting.id,
      ready.filter((id) => inWindow.has(id)),
    )
    if (written.isToRun) await dispatcher.plan([written.kept.generationId], commit)
    return { ...written, chapters: window.chapters }
  })
  if (moved === 'outdated') return 'outdated'
  const { kept, changed, chapters } = moved
  for (const id of changed) {
    eventBus.publish({ kind: 'generation', id })
    await (id === kept.generationId ? dispatcher.refreshOne(id, { chapters }) : dispatcher.refreshOne(id))
  }
  return kept
}

type Wanted = Pick<KeptAhead, 'chapters' | 'voice' | 'speed'>

function wantedOf(request: AheadRequest | undefined, before: KeptAhead | undefined): Wanted {
  if (!request) return { chapters: before!.chapters, voice: before!.voice, speed: before!.speed }
  const { chapters = before?.chapters ?? usuallyAhead, voice = null, speed = null } = request
  return { chapters, voice, speed }
}

/** `undefined`: the voice is not there any more, so what is asked for stays as it is and waits for it. */
async function castOf(
  parts: GenerationParts,
  novel: NovelRow,
  { voice, speed }: Wanted,
  mayBeMissing: boolean,
): Promise<CastRecipes | undefined> {
  try {
    return await castingFor(parts, novel, { voice: voice ?? undefined, speed: speed ?? undefined })
  } catch (error) {
    if (mayBeMissing && error instanceof Failure) return undefined
    throw error
  }
}

async function isSpoken(
  { counts }: GenerationParts,
  { casting }: Generation,
  chapters: readonly ChapterRow[],
): Promise<boolean> {
  const { total, done, setAside } = await totalCounts(counts, casting, chapters)
  return done + setAside >= total
}

interface WindowToWrite {
  readonly novelId: string
  readonly now: { readonly kept: KeptAhead; readonly generation: Generation } | undefined
  readonly wanted: Wanted
  readonly cast: CastRecipes | undefined
  readonly window: ReadingWindow
  readonly request: AheadRequest | undefined
  readonly isWhole: boolean | undefined
}

async function writeWindow(
  commit: Database,
  { novelId, now, wanted, cast, window, request, isWhole }: WindowToWrite,
): Promise<Omit<Moved, 'chapters'> & { readonly isToRun: boolean }> {
  const ids = window.chapters.map(({ id }) => id)
  const isSameSound = now && (!cast || cast.casting.id === now.generation.casting.id)
  const asked = request && (request.paused === true ? 'paused' : 'run')
  const desiredState = asked ?? now?.generation.desiredState ?? 'run'
  if (isSameSound) {
    const { generation } = now
    const kept = { ...wanted, novelId, generationId: generation.id, places: window.places }
    const { added, removed } = await replaceChapters(commit, generation.id, ids)
    const isReopened = added > 0 || (generation.completedAt !== undefined && isWhole === false)
    const isChanged = request !== undefined || isReopened || removed > 0
    if (isChanged || kept.places !== now.kept.places) await saveKeptAhead(commit, kept)
    if (!isChanged) return { kept, changed: [], isToRun: false }
    const priority = request?.priority ?? generation.priority
    const reopened = isReopened && { completedAt: null }
    await updateGeneration(commit, generation.id, { desiredState, priority, ...reopened })
    const isUnfinished = isReopened || generation.completedAt === undefined
    return { kept, changed: [generation.id], isToRun: desiredState === 'run' && isUnfinished }
  }
  const generation: Generation = {
    id: uuidv7(),
    novelId,
    voice: cast!.recipes[0].voice,
    speed: cast!.recipes[0].speed,
    casting: cast!.casting,
    priority: request?.priority ?? now?.generation.priority ?? 0,
    ...(now?.generation.place !== undefined && { place: now.generation.place }),
    desiredState,
    createdAt: now?.generation.createdAt ?? new Date().toISOString(),
  }
  await saveCasting(commit, generation.casting, cast!.recipes)
  await addGeneration(commit, generation, ids, ownChapterSet(generation.id))
  const kept = { ...wanted, novelId, generationId: generation.id, places: window.places }
  await saveKeptAhead(commit, kept)
  if (now && now.generation.completedAt === undefined)
    await updateGeneration(commit, now.generation.id, { desiredState: 'cancelled' })
  const changed = [generation.id, ...(now ? [now.generation.id] : [])]
  return { kept, changed, isToRun: desiredState === 'run' }
}
