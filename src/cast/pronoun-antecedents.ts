import type { Paragraph } from './draft-lines.ts'
import { type Gender, nameKey } from '../novel/cast.ts'
import type { NarrationWords } from './narration-words.ts'
import { namedSubjects } from './speech-subjects.ts'
import { genderOf, type NameEvidence } from './name-evidence.ts'

interface PronounPlace {
  readonly block: number
  /** Of the same paragraph, before the quote. */
  readonly narration: string
  /** Who has spoken in the same paragraph. */
  readonly told: readonly string[]
  /** The narration since the last of them spoke. */
  readonly since: string
  /** The paragraph before it, if nobody speaks in it. */
  readonly prior: string
  readonly words: NarrationWords | undefined
  /** The paragraphs with speech before it. */
  readonly before: readonly Paragraph[]
  readonly evidence: NameEvidence
}

/** How much narration before a pronoun is searched for names, in characters. */
const reach = 500
/** How many paragraphs before it two speakers may stand. */
const paragraphsBack = 4

/**
 * Whom a pronoun means, if only one person can be meant: who has spoken in the same paragraph; else the only one named in
 * it; else, of the two who spoke last, the only one of its gender.
 */
export function antecedentOf(
  gender: Gender | 'any',
  { block, narration, told, since, prior, words, before, evidence }: PronounPlace,
): string | undefined {
  if (gender === 'any') return undefined
  const fits = (name: string): boolean => genderOf(name, evidence) !== opposite(gender)
  if (told.length > 0) {
    const speakers = new Set(told.map(nameKey))
    const [only] = told
    if (speakers.size !== 1 || only === undefined || !fits(only)) return undefined
    // Behind the sentence that told of them somebody else may act.
    const others = speakersIn(since.replace(/^[^.!?…]*[.!?…]?/u, ''), evidence).filter(fits)
    return others.every((name) => speakers.has(nameKey(name))) ? only : undefined
  }
  const named = speakersIn(narration.slice(-reach), evidence).filter(fits)
  if (named.length > 0) return named.length === 1 && acts(named[0]!, narration, words) ? named[0] : undefined
  // A sentence before it may bring somebody whom it means: “A stranger entered. He said:”.
  if (/[.!?…]["”’»]?\s+\S/u.test(narration)) return undefined
  const [only, second] = narration.trim() === '' ? speakersIn(prior.slice(-reach), evidence).filter(fits) : []
  if (only !== undefined)
    return second === undefined && genderOf(only, evidence) === gender && acts(only, prior, words, true)
      ? only
      : undefined
  const recent = lastSpeakers(before, block)
  if (recent.length !== 2) return undefined
  const fitting = recent.filter((name) => genderOf(name, evidence) === gender)
  const others = recent.filter((name) => genderOf(name, evidence) === opposite(gender))
  return fitting.length === 1 && others.length === 1 ? fitting[0] : undefined
}

/**
 * Whether the last sentence that names its subject has this one, not “Anna fell silent. The old general rose. He said:”.
 * `named`: one has to.
 */
function acts(name: string, narration: string, words: NarrationWords | undefined, named = false): boolean {
  const last = words && namedSubjects(narration.slice(-reach), words).at(-1)
  if (last === undefined) return !named
  return nameKey(last).endsWith(nameKey(name)) || nameKey(name).endsWith(nameKey(last))
}

/** Those of the novel's speakers whom a text names, as it writes them. */
function speakersIn(text: string, { speakers }: NameEvidence): string[] {
  const low = text.toLowerCase()
  const found: { readonly key: string; readonly at: number }[] = []
  for (const key of speakers.keys()) {
    const at = low.lastIndexOf(key)
    if (at >= 0 && isWhole(low, at, key.length)) found.push({ key, at })
  }
  return found
    .filter(({ key, at }) => !found.some((other) => other.key.length > key.length && covers(other, at)))
    .map(({ key, at }) => text.slice(at, at + key.length))
}

function covers({ key, at }: { readonly key: string; readonly at: number }, place: number): boolean {
  return at <= place && place < at + key.length
}

function isWhole(text: string, at: number, length: number): boolean {
  return !/\p{L}/u.test(text[at - 1] ?? ' ') && !/\p{L}/u.test(text[at + length] ?? ' ')
}

function lastSpeakers(paragraphs: readonly Paragraph[], block: number): string[] {
  const recent: string[] = []
  for (const paragraph of paragraphs.slice(-paragraphsBack).toReversed()) {
    if (block - paragraph.block > paragraphsBack || paragraph.unresolved) break
    for (const { speaker } of paragraph.lines.toReversed())
      if (speaker !== undefined && !recent.some((known) => nameKey(known) === nameKey(speaker)))
        recent.push(speaker)
    if (recent.length >= 2) break
  }
  return recent
}

function opposite(gender: Gender): Gender {
  return gender === 'female' ? 'male' : 'female'
}
