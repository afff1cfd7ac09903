import { type Casting, recipesOf } from '../../novel/casting.ts'
import type { Database } from '../../storage/database-tables.ts'
import { recipeByHash, type SavedRecipe } from '../../storage/queries/recipe-queries.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import type { ActiveGeneration } from './active-generations.ts'
import type { Outdated } from './segment-source.ts'

/** A recipe of a casting that a backend can be given a segment for, with what is saved of it. */
interface AvailablePart extends SavedRecipe {
  readonly backend: SpeechBackend
}

/** By the hash of the recipe. */
export type AvailableParts = ReadonlyMap<string, AvailablePart>

/** Which recipes of a generation can be spoken now. */
export class SpeakableRecipes {
  readonly #db: Database
  readonly #voices: VoiceRegistry
  readonly #recipes = new Map<string, SavedRecipe>()
  /** By id of a generation: the recipes whose segments are skipped until `include` or `reset`. */
  readonly #withheld = new Map<string, Set<string>>()

  constructor({ db, voices }: { readonly db: Database; readonly voices: VoiceRegistry }) {
    this.#db = db
    this.#voices = voices
  }

  withhold({ outdated, recipe }: Outdated): void {
    const { id } = outdated.generation
    this.#withheld.set(id, (this.#withheld.get(id) ?? new Set()).add(recipe))
  }

  include({ generation }: ActiveGeneration): void {
    this.#withheld.delete(generation.id)
  }

  reset(): void {
    this.#withheld.clear()
  }

  isWithheld({ generation }: ActiveGeneration, recipe: string): boolean {
    return this.#withheld.get(generation.id)?.has(recipe) ?? false
  }

  /** The recipes of a generation that are not withheld and whose voice has an available backend. */
  async available(
    active: ActiveGeneration,
    backends: ReadonlyMap<string, SpeechBackend>,
  ): Promise<AvailableParts> {
    const parts = new Map<string, AvailablePart>()
    const { generation, voices } = active
    if (!voices.some((voice) => backends.has(voice))) return parts
    for (const hash of recipesOf(generation.casting)) {
      if (this.isWithheld(active, hash)) continue
      const saved = await this.recipe(hash)
      const backend = backends.get(saved.recipe.voice)
      if (backend) parts.set(hash, { ...saved, backend })
    }
    return parts
  }

  /** Hash of the first that no longer sounds as it demands. */
  outdatedAmong(parts: AvailableParts): string | undefined {
    for (const [hash, part] of parts) if (!this.#voices.canSpeak(part)) return hash
    return undefined
  }

  /** Hashes of the recipes of a casting whose voices are asked for. */
  async spokenBy(casting: Casting, isWanted: (voice: string) => boolean): Promise<string[]> {
    const found = []
    for (const hash of recipesOf(casting))
      if (isWanted((await this.recipe(hash)).recipe.voice)) found.push(hash)
    return found
  }

  async recipe(hash: string): Promise<SavedRecipe> {
    let recipe = this.#recipes.get(hash)
    if (!recipe) {
      recipe = await recipeByHash(this.#db, hash)
      if (!recipe) throw new Error(`a generation has the recipe ${hash}, which is not in the database`)
      if (recipe.made !== undefined) this.#recipes.set(hash, recipe)
    }
    return recipe
  }
}
