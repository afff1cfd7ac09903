import { hashOf } from './clip.ts'

/** The recipe that one role is spoken in. */
export interface CastingPart {
  /** From 1; role 0 is the narrator. */
  readonly role: number
  /** Hash of a recipe, 16 bytes, hex. */
  readonly recipe: string
}

/** Who speaks what. A role without a part is spoken by the narrator, so a single voice speaks any novel. */
export interface Casting {
  /**
   * 16 bytes, hex. Of a single voice it is the hash of its recipe, so that everything that was made before there were
   * castings keeps its name; of several it is the hash of all parts.
   */
  readonly id: string
  /** Hash of the narrator's recipe, 16 bytes, hex. */
  readonly narrator: string
  /** Ascending by role; none of role 0 and none with the narrator's recipe. */
  readonly parts: readonly CastingPart[]
}

export function singleVoice(recipe: string): Casting {
  return { id: recipe, narrator: recipe, parts: [] }
}

/**
 * The casting of a narrator and parts, in any order. Parts that sound as the narrator does are dropped: the same sound
 * has one id. Of two parts for one role the last counts.
 */
export function castingOf(narrator: string, parts: readonly CastingPart[]): Casting {
  const byRole = new Map(parts.map((part) => [part.role, part]))
  const spoken = [...byRole.values()]
    .filter(({ role, recipe }) => role !== 0 && recipe !== narrator)
    .sort((one, other) => one.role - other.role)
  if (spoken.length === 0) return singleVoice(narrator)
  // A recipe's hash is of a list that begins with a voice id, which has a colon: it is never the hash of a casting.
  const id = hashOf(['casting', [[0, narrator], ...spoken.map(({ role, recipe }) => [role, recipe])]])
  return { id, narrator, parts: spoken }
}

/** The hash of the recipe that a role is spoken in. */
export function recipeForRole({ narrator, parts }: Casting, role: number): string {
  return parts.find((part) => part.role === role)?.recipe ?? narrator
}

/** Whether any role is spoken in a recipe. */
export function usesRecipe({ narrator, parts }: Casting, recipe: string): boolean {
  return narrator === recipe || parts.some((part) => part.recipe === recipe)
}

/** The hashes of its recipes, each once, the narrator's first. */
export function recipesOf({ narrator, parts }: Casting): readonly string[] {
  return [...new Set([narrator, ...parts.map(({ recipe }) => recipe)])]
}
