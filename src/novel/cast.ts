import { hashOf } from './clip.ts'
import type { Block } from './novel.ts'

/** Spoken by whoever speaks what nobody is known to speak. */
export const dialogueRole = 1
/** Roles from here on are characters. */
export const firstCharacterRole = 2

export type Gender = 'female' | 'male'
export type Age = 'child' | 'old'

/**
 * Why a line is somebody's. `said`: a verb of speech with a name; `pronoun`: one with a pronoun whose antecedent is
 * beside it; `continued`: the paragraph's other quotes are; `turn`: two take turns; `model`: a language model proposes it.
 */
export type Basis = 'said' | 'pronoun' | 'continued' | 'turn' | 'model'

/** What one person says, or thinks, without a break. */
export interface Line {
  readonly block: number
  /** `[start, end)` of the block's text, with the quotation marks. */
  readonly start: number
  readonly end: number
  readonly kind: 'speech' | 'thought'
  /** As it is written; left out: open. */
  readonly speaker?: string
  /** The storyteller, who says “I”. */
  readonly self?: true
  readonly basis?: Basis
}

export interface Character {
  readonly role: number
  readonly name: string
  /** Keys (`nameKey`) of the names that are this character's. */
  readonly names: readonly string[]
  readonly gender?: Gender | undefined
  readonly age?: Age | undefined
  /** Left out: as the rest of the dialogue. */
  readonly voice?: string | undefined
}

/** Who speaks a novel, as its listener wants it. */
export interface Cast {
  readonly characters: readonly Character[]
  /** The voice of lines whose speaker is not known or has none; left out: the narrator's. */
  readonly dialogue?: string | undefined
  /** Lines by `lineAnchor`. */
  readonly corrections: Readonly<Record<string, Correction>>
  /** Sentences with a voice of their own, whoever says them: by the `lineAnchor` of where they stand. */
  readonly sentences?: Readonly<Record<string, OwnVoice>>
}

/** A sentence that somebody gave another voice. Those with the same voice have the same role, which no character has. */
export interface OwnVoice {
  readonly role: number
  readonly voice: string
  /** As the book has it. */
  readonly text: string
}

/** A line that somebody gave a role: 0 the narrator, 1 nobody known. `was`: its `countKey`. */
export interface Correction {
  readonly role: number
  readonly was: string
}

export const emptyCast: Cast = { characters: [], corrections: {} }

/** Names that are the same but for their article and capitals have one key. */
export function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:the|le|la|les|l['’]|der|die|das|el|los|las)\s*/u, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
}

/** What a line is counted by: its speaker's `nameKey`, or one of these. */
export function countKey({ kind, speaker, self }: Line): string {
  if (kind === 'thought') return '*thought'
  if (self) return '*self'
  return speaker === undefined ? '*open' : nameKey(speaker)
}

/** How much around a line tells it from others with the same words, in characters. */
const anchorReach = 120

/**
 * What a correction is stored by: the line with what stands around it. So it stays with its line whatever becomes of the
 * chapters, and of the rules that find dialogue.
 */
export function lineAnchor(
  blocks: readonly Pick<Block, 'text'>[],
  { block, start, end }: Pick<Line, 'block' | 'start' | 'end'>,
): string {
  const text = blocks[block]!.text
  const before = start < anchorReach ? (blocks[block - 1]?.text.slice(-anchorReach) ?? '') : ''
  const around = [
    text.slice(Math.max(0, start - anchorReach), start),
    text.slice(start, end),
    text.slice(end, end + anchorReach),
  ]
  return hashOf(['line', before, ...around]).slice(0, 16)
}

/** Finds the role of a line: as it was corrected, else its character's; 1 if nobody is known to speak it. */
export function roleFinder(cast: Cast): (line: Line, anchor: string) => number {
  const byName = new Map(
    cast.characters.flatMap(({ role, names }) => names.map((name) => [name, role] as const)),
  )
  const known = new Set(cast.characters.map(({ role }) => role))
  return ({ kind, speaker, self }, anchor) => {
    const corrected = cast.corrections[anchor]?.role
    if (corrected !== undefined && (corrected < firstCharacterRole || known.has(corrected))) return corrected
    if (kind === 'thought' || self) return 0
    return speaker === undefined ? dialogueRole : (byName.get(nameKey(speaker)) ?? dialogueRole)
  }
}

/** The role in which a line is spoken: of a character without a voice the dialogue's, without that the narrator's. */
export function spokenRole({ characters, dialogue }: Cast, role: number): number {
  if (role === 0) return 0
  if (role !== dialogueRole && characters.some((one) => one.role === role && one.voice !== undefined))
    return role
  return dialogue === undefined ? 0 : dialogueRole
}

/** The voices of the roles that have one. */
export function voicesOfRoles({
  characters,
  dialogue,
  sentences = {},
}: Cast): { readonly role: number; readonly voice: string }[] {
  const own = new Map(Object.values(sentences).map(({ role, voice }) => [role, voice]))
  return [
    ...(dialogue === undefined ? [] : [{ role: dialogueRole, voice: dialogue }]),
    ...characters.flatMap(({ role, voice }) => (voice === undefined ? [] : [{ role, voice }])),
    ...[...own].map(([role, voice]) => ({ role, voice })),
  ]
}

/** The highest role that a cast has given. */
export function lastRole({ characters, sentences = {} }: Pick<Cast, 'characters' | 'sentences'>): number {
  return Math.max(
    firstCharacterRole - 1,
    ...characters.map(({ role }) => role),
    ...Object.values(sentences).map(({ role }) => role),
  )
}
