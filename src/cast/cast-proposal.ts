import {
  type Age,
  type Cast,
  type Character,
  type Gender,
  lastRole,
  type Line,
  nameKey,
} from '../novel/cast.ts'
import { ageInName, genderOf, type NameEvidence } from './name-evidence.ts'

/** Counts how often each name is written for whoever speaks. */
export type NameCounts = Map<string, Map<string, number>>

/** Adds the speakers of a chapter's lines. */
export function countSpeakers(lines: readonly Line[], counts: NameCounts): void {
  for (const { speaker } of lines) {
    if (speaker === undefined) continue
    const key = nameKey(speaker)
    const forms = counts.get(key) ?? new Map<string, number>()
    counts.set(key, forms.set(speaker, (forms.get(speaker) ?? 0) + 1))
  }
}

/** Fewer lines make nobody a character: their lines are the dialogue's. */
const fewestLines = 2

/** Whoever is said to speak several lines, under one name. */
export interface FoundSpeaker {
  readonly key: string
  readonly name: string
  readonly lines: number
  readonly gender?: Gender
  readonly age?: Age
}

/** Those who speak, the ones with most lines first. */
export function foundSpeakers(counts: NameCounts, evidence: NameEvidence): FoundSpeaker[] {
  return [...counts]
    .map(([key, forms]): FoundSpeaker => {
      const name = mostFrequent(forms)
      const [gender, age] = [genderOf(name, evidence), ageInName(name)]
      return { key, name, lines: sumOf(forms), ...(gender && { gender }), ...(age && { age }) }
    })
    .filter(({ lines }) => lines >= fewestLines)
    .sort((one, other) => other.lines - one.lines || (one.key < other.key ? -1 : 1))
}

/**
 * The cast after an analysis: what somebody has made of it stays, with all voices, names and corrections; speakers that
 * it does not know are added. `earlier`: casts of the same series, whose characters keep their voices.
 */
export function proposeCast(
  known: Cast,
  found: readonly FoundSpeaker[],
  earlier: readonly Cast[] = [],
): Cast {
  const taken = new Set(known.characters.flatMap(({ names }) => names))
  const fresh = found.filter(({ key }) => !taken.has(key))
  const before = earlier.flatMap(({ characters }) => characters)
  let role = lastRole(known)
  const characters = [...known.characters]
  const joined = new Map<Character, number>()
  for (const { key, name, ...told } of fresh) {
    const former = before.find(({ names }) => names.includes(key))
    const at = former && joined.get(former)
    if (at !== undefined) {
      characters[at] = { ...characters[at]!, names: [...characters[at]!.names, key] }
      continue
    }
    if (former) joined.set(former, characters.length)
    const gender = former?.gender ?? told.gender
    const age = former?.age ?? told.age
    characters.push({
      role: ++role,
      name: former?.name ?? name,
      names: [key],
      ...(gender && { gender }),
      ...(age && { age }),
      ...(former?.voice !== undefined && { voice: former.voice }),
    })
  }
  const dialogue = known.dialogue ?? (known.characters.length === 0 ? earlier[0]?.dialogue : undefined)
  return { ...known, characters, ...(dialogue !== undefined && { dialogue }) }
}

function sumOf(forms: ReadonlyMap<string, number>): number {
  return [...forms.values()].reduce((sum, times) => sum + times, 0)
}

function mostFrequent(forms: ReadonlyMap<string, number>): string {
  return [...forms].reduce((best, form) => (form[1] > best[1] ? form : best))[0]
}

const titleWords = new Set(
  'mr mrs ms miss dr sir lady lord madame monsieur mme mlle prince princess king queen count countess captain colonel general herr frau fräulein señor señora don doña m ông bà cô anh'.split(
    ' ',
  ),
)

/** Two characters that may be one. */
export interface AliasProposal {
  readonly role: number
  readonly sameAs: number
}

/**
 * Characters whose name is part of one other's: Mr. Darcy and Darcy, Fitzwilliam and Fitzwilliam Darcy. Not where it is
 * part of several others', nor where the text gives both a gender and not the same one.
 */
export function proposeAliases({ characters }: Pick<Cast, 'characters'>): AliasProposal[] {
  const parts = characters.map(({ names }) => new Set(names.flatMap(wordsOf)))
  return characters.flatMap((character, at) => {
    const own = parts[at]!
    if (own.size === 0) return []
    const wider = characters.filter((_, index) => {
      const all = parts[index]!
      if (index === at || [...own].some((word) => !all.has(word))) return false
      return all.size > own.size || (all.size === own.size && index < at)
    })
    const [only, second] = wider
    if (!only || second || conflicts(character.gender, only.gender)) return []
    return [{ role: character.role, sameAs: only.role }]
  })
}

function conflicts(one: Gender | undefined, other: Gender | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

function wordsOf(name: string): string[] {
  return (name.match(/[\p{L}\p{M}'’-]+/gu) ?? []).filter((word) => !titleWords.has(word))
}

/** A voice that may be proposed. */
interface CastableVoice {
  readonly id: string
  readonly gender?: Gender
}

/**
 * Voices for characters without one, by role: of their gender, none twice while there are others, and not the narrator's.
 * Nobody is given a voice whose gender contradicts theirs. Those of whom no gender is known get none.
 */
export function proposeVoices(
  { characters, dialogue }: Cast,
  voices: readonly CastableVoice[],
  narrator: string,
): ReadonlyMap<number, string> {
  const uses = new Map<string, number>([[narrator, Number.POSITIVE_INFINITY]])
  if (dialogue !== undefined) uses.set(dialogue, 1)
  for (const { voice } of characters) if (voice !== undefined) uses.set(voice, (uses.get(voice) ?? 0) + 1)
  const proposed = new Map<number, string>()
  for (const { role, gender, voice } of characters) {
    if (voice !== undefined || gender === undefined) continue
    const fitting = voices.filter((one) => one.gender === gender && one.id !== narrator)
    const [best] = fitting.toSorted((one, other) => (uses.get(one.id) ?? 0) - (uses.get(other.id) ?? 0))
    if (!best) continue
    proposed.set(role, best.id)
    uses.set(best.id, (uses.get(best.id) ?? 0) + 1)
  }
  return proposed
}
