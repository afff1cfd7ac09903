import { updateGeneration } from '../../storage/queries/generation-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import {
  recipeByHash,
  recipesOfNovel,
  type SavedRecipe,
  saveRecipe,
  stampRecipe,
  unstampedRecipes,
} from '../../storage/queries/recipe-queries.ts'
import { listVoices, saveConfigChecksum } from '../../storage/queries/voice-queries.ts'
import { configChecksum } from '../../storage/voices/voice-model-files.ts'
import { Failure } from '../../novel/failure.ts'
import type { Generation } from '../../novel/generation.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import { voiceOnServer } from '../../novel/speech-server.ts'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import type { DataPaths } from '../../storage/folder/data-paths.ts'
import type { VoiceRegistry, RequestedSound } from './voice-registry.ts'

interface Recipes {
  readonly db: Database
  readonly voices: VoiceRegistry
}

/**
 * How a novel sounds in a voice and speed; left out: its own. A novel that was begun in them keeps the recipe it was
 * begun with as long as it can still be spoken: another pace or accent is for new novels. Throws `voice.unknown`,
 * `voice.none`.
 */
export async function recipeOf(
  { db, voices }: Recipes,
  novel: Parameters<VoiceRegistry['recipe']>[0] & { readonly id: string },
  wanted: RequestedSound = {},
): Promise<Recipe> {
  const today = voices.recipe(novel, wanted)
  const begun = await recipesOfNovel(db, novel.id, today.voice, today.speed)
  return begun.find((saved) => isReproducible(saved, today))?.recipe ?? today
}

/**
 * Whether what a recipe stands for can be made today, byte for byte: by the same engine, voice and studio, with the same
 * pauses. An accent can be chosen, and a voice's own pace, without a silence before chapters, can always be spoken.
 */
function isReproducible({ recipe, made }: SavedRecipe, today: Recipe): boolean {
  const { sentence, paragraph, section, opening } = recipe.pauses
  return (
    made === today.engine &&
    recipe.studio === today.studio &&
    sentence === today.pauses.sentence &&
    paragraph === today.pauses.paragraph &&
    section === today.pauses.section &&
    (recipe.pace === undefined || (recipe.pace === today.pace && opening === today.pauses.opening))
  )
}

/**
 * Once, after recipes have come to name all that shapes a sound: looks with what the recipes from before were made. What
 * they do not name was never changed, or was not noticed; from here on it is.
 */
export async function stampLegacyRecipes({
  db,
  folder,
  voices,
  log,
}: Recipes & { readonly folder: DataPaths; readonly log: Logger }): Promise<void> {
  for (const { id, configured, configChecksum: known, folder: name } of await listVoices(db)) {
    if (!configured || known !== undefined) continue
    const checksum = await configChecksum(folder, name).catch((error: unknown) => {
      log.warn({ err: error, voice: id }, 'the configuration of a voice cannot be read')
    })
    if (checksum !== undefined) await saveConfigChecksum(db, id, checksum)
  }
  await voices.reload()
  for (const { hash, recipe } of await unstampedRecipes(db)) {
    await stampRecipe(db, hash, madeWith(voices, recipe))
  }
}

/** The same of those that speech servers speak: it needs no speech worker, and what they have spoken was paid for. */
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
 * What was asked for before an engine or the studio changed is finished with what there is now. What can still be spoken
 * as it was begun goes on so, and what nobody knows yet with what it was made waits. Returns whether the generation has
 * another recipe now.
 */
export async function renewRecipe(
  { db, voices, log }: Recipes & { readonly log: Logger },
  generation: Generation,
): Promise<boolean> {
  const [novel, old] = [await novelById(db, generation.novelId), await recipeByHash(db, generation.recipe)]
  if (!novel || old?.made === undefined) return false
  try {
    const recipe = voices.recipe(novel, { voice: old.recipe.voice, speed: old.recipe.speed })
    if (recipeHash(recipe) === generation.recipe || isReproducible(old, recipe)) return false
    await saveRecipe(db, recipe)
    await updateGeneration(db, generation.id, { recipe: recipeHash(recipe) })
    return true
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warn({ generation: generation.id, reason: error.message }, 'a generation waits for its voice')
    return false
  }
}
