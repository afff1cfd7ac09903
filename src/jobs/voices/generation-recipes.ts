import type { Logger } from 'pino'
import { type Casting, castingOf, type CastingPart, recipesOf, singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Generation } from '../../novel/generation.ts'
import { voiceOnServer } from '../../novel/speech-server.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { type RoleVoice, voicesOfNovel } from '../../storage/queries/cast-queries.ts'
import { recastGeneration } from '../../storage/queries/recast-queries.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import {
  recipeByHash,
  recipesOfNovel,
  type SavedRecipe,
  stampRecipe,
  unstampedRecipes,
} from '../../storage/queries/recipe-queries.ts'
import { listVoices, saveConfigChecksum } from '../../storage/queries/voice-queries.ts'
import { configChecksum } from '../../storage/voices/voice-model-files.ts'
import type { RequestedSound, VoiceRegistry } from './voice-registry.ts'

interface Recipes {
  readonly db: Database
  readonly voices: VoiceRegistry
}

/** What the casting of a novel in a voice and speed is made from. */
export interface CastingRows {
  readonly roles: readonly RoleVoice[]
  /** In the voice that is wanted or that the novel has: none if that is not there any more, and another is taken. */
  readonly earlier: readonly SavedRecipe[]
}

/** Reads that, which can be done while the novel itself is read. */
export async function readCasting(
  db: Database,
  novelId: string,
  { voice, speed }: RequestedSound,
): Promise<CastingRows> {
  const [roles, earlier] = await Promise.all([
    voicesOfNovel(db, novelId),
    recipesOfNovel(db, novelId, voice, speed),
  ])
  return { roles, earlier }
}

/**
 * The casting of a novel in a voice and speed; left out: its own. A novel that has a recipe with this voice and speed keeps
 * it as long as it is reproducible: a change of pace or accent applies to new novels. `read`: by `readCasting`, if that
 * was done. Throws `voice.unknown`, `voice.none`.
 */
export async function castingFor(
  { db, voices }: Recipes,
  novel: Parameters<VoiceRegistry['recipe']>[0] & { readonly id: string },
  wanted: RequestedSound = {},
  read?: CastingRows,
): Promise<CastRecipes> {
  const [narrator, roles] = await Promise.all([
    recipeFor({ db, voices }, novel, wanted, read?.earlier),
    read?.roles ?? voicesOfNovel(db, novel.id),
  ])
  if (roles.length === 0) return { casting: singleVoice(recipeHash(narrator)), recipes: [narrator] }
  const { parts, recipes } = await partsOfVoices({ db, voices }, novel, roles, narrator.speed)
  return { casting: castingOf(recipeHash(narrator), parts), recipes: [narrator, ...recipes] }
}

async function recipeFor(
  { db, voices }: Recipes,
  novel: Parameters<typeof castingFor>[1],
  wanted: RequestedSound,
  read?: readonly SavedRecipe[],
): Promise<Recipe> {
  const current = voices.recipe(novel, wanted)
  const isRead = read !== undefined && current.voice === (wanted.voice ?? novel.voice)
  const earlier = isRead ? read : await recipesOfNovel(db, novel.id, current.voice, current.speed)
  return earlier.find((saved) => isReproducible(saved, current))?.recipe ?? current
}

/**
 * The parts of a casting for roles with a voice, with their recipes. A role whose voice is not there any more is the
 * narrator's, until it is.
 */
export async function partsOfVoices(
  context: Recipes,
  novel: Parameters<typeof castingFor>[1],
  roles: readonly RoleVoice[],
  speed: number,
): Promise<{ readonly parts: readonly CastingPart[]; readonly recipes: readonly Recipe[] }> {
  const byVoice = new Map<string, Recipe>()
  for (const voice of new Set(roles.map((role) => role.voice))) {
    try {
      byVoice.set(voice, await recipeFor(context, novel, { voice, speed }))
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'voice.unknown') throw error
    }
  }
  const parts = roles.flatMap(({ role, voice }) => {
    const recipe = byVoice.get(voice)
    return recipe ? [{ role, recipe: recipeHash(recipe) }] : []
  })
  return { parts, recipes: [...byVoice.values()] }
}

/** A casting with its recipes, the narrator's first. */
export interface CastRecipes {
  readonly casting: Casting
  readonly recipes: readonly [narrator: Recipe, ...others: Recipe[]]
}

/**
 * Whether clips of a saved recipe can be made now, byte for byte: engine, voice, mastering and pauses are the same. The
 * accent is a parameter; and a recipe without pace (the voice's own, no silence before chapters) is always possible.
 */
function isReproducible({ recipe, made }: SavedRecipe, current: Recipe): boolean {
  const { sentence, paragraph, section, opening } = recipe.pauses
  return (
    made === current.engine &&
    recipe.studio === current.studio &&
    sentence === current.pauses.sentence &&
    paragraph === current.pauses.paragraph &&
    section === current.pauses.section &&
    (recipe.pace === undefined || (recipe.pace === current.pace && opening === current.pauses.opening))
  )
}

/**
 * Migration, once: recipes of older versions do not name everything that shapes the sound; stores what they were made
 * with (`made`), assuming that what they do not name has not changed since.
 */
export async function stampLegacyRecipes({
  db,
  objects,
  voices,
  log,
}: Recipes & { readonly objects: ObjectStore; readonly log: Logger }): Promise<void> {
  for (const { id, configured, configChecksum: known, folder: name } of await listVoices(db)) {
    if (!configured || known !== undefined) continue
    const checksum = await configChecksum(objects, name).catch((error: unknown) => {
      log.warn({ err: error, voice: id }, 'the configuration of a voice cannot be read')
    })
    if (checksum !== undefined) await saveConfigChecksum(db, id, checksum)
  }
  await voices.reload()
  for (const { hash, recipe } of await unstampedRecipes(db)) {
    await stampRecipe(db, hash, madeWith(voices, recipe))
  }
}

/**
 * The same for recipes of speech servers: needs no speech worker, so it can run first; their clips may have been paid
 * for.
 */
export async function stampServerRecipes({ db, voices }: Recipes): Promise<void> {
  for (const { hash, recipe } of await unstampedRecipes(db)) {
    if (voiceOnServer(recipe.voice)) await stampRecipe(db, hash, madeWith(voices, recipe))
  }
}

function madeWith(voices: VoiceRegistry, { voice, engine }: Recipe): { made: string; accent?: string | undefined } {
  try {
    if (voices.legacyEngineOf(voice) !== engine) return { made: engine }
    return { made: voices.engineOf(voice), accent: voices.accentOf(voice) }
  } catch (error) {
    if (error instanceof Failure) return { made: engine }
    throw error
  }
}

/**
 * After a change of engine, voice or mastering: gives each part of a generation's casting its current recipe, unless the
 * part's is still reproducible, or is not stamped yet. A part whose voice is missing keeps its recipe and waits; the
 * others go on. Returns whether the generation has another casting now.
 */
export async function renewCasting(
  context: Recipes & { readonly log: Logger },
  { id, novelId, casting }: Generation,
): Promise<boolean> {
  const novel = await novelById(context.db, novelId)
  if (!novel) return false
  const renewed = new Map<string, Recipe>()
  for (const hash of recipesOf(casting)) {
    try {
      const recipe = await renewedRecipe(context, novel, hash)
      if (recipe) renewed.set(hash, recipe)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      context.log.warn({ generation: id, reason: error.message }, 'a generation waits for its voice')
    }
  }
  const current = (hash: string): string => {
    const recipe = renewed.get(hash)
    return recipe ? recipeHash(recipe) : hash
  }
  const parts = casting.parts.map(({ role, recipe }) => ({ role, recipe: current(recipe) }))
  const recast = castingOf(current(casting.narrator), parts)
  if (recast.id === casting.id) return false
  const recipes = [...renewed.values()]
  await context.db
    .transaction()
    .execute((commit) => recastGeneration(commit, id, { casting: recast, recipes, reopened: false }))
  return true
}

/** The current recipe in place of a saved one that is no longer reproducible. Throws `voice.unknown`. */
async function renewedRecipe(
  { db, voices }: Recipes,
  novel: NovelRow,
  hash: string,
): Promise<Recipe | undefined> {
  const old = await recipeByHash(db, hash)
  if (old?.made === undefined) return undefined
  const recipe = voices.recipe(novel, { voice: old.recipe.voice, speed: old.recipe.speed })
  return isReproducible(old, recipe) ? undefined : recipe
}
