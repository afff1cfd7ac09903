/**
 * Words of a text and the phoneme groups that they correspond to: `[firstWord, endWord)` ↔ `[firstGroup, endGroup)`.
 */
export interface Match {
  readonly words: readonly [number, number]
  readonly groups: readonly [number, number]
}

/** Maximum number of words fused in one group. */
const mostFused = 4
/** With more edits per phoneme than this the alignment is unreliable. */
const maxErrorRate = 0.3

interface Step {
  readonly cost: number
  readonly word: number
  readonly group: number
}

/**
 * Aligns the phoneme groups of a whole text with its words, given each word's groups in isolation. In a sentence words
 * are weakened ("a", "the"), fused ("of the") or, for numbers, several groups long. The cheapest path is found by
 * dynamic programming along the diagonal. `undefined` if the alignment is unreliable.
 */
export function alignGroups(
  alone: readonly (readonly string[])[],
  groups: readonly string[],
): Match[] | undefined {
  const words = alone.map((own) => ({ sound: withoutDiacritics(own.join('')), groups: own.length }))
  const spoken = groups.map(withoutDiacritics)
  return matchInOrder(words, spoken) ?? matchCheapest(words, spoken)
}

interface Word {
  /** Its phonemes in isolation, without diacritics. */
  readonly sound: string
  /** Number of groups in isolation. */
  readonly groups: number
}

/** The common case: every word has as many groups as in isolation, with similar phonemes. */
function matchInOrder(words: readonly Word[], spoken: readonly string[]): Match[] | undefined {
  const matches: Match[] = []
  let group = 0
  for (const [word, { sound, groups }] of words.entries()) {
    const end = group + groups
    if (end > spoken.length) return undefined
    if (editDistance(sound, joinGroups(spoken, group, end)) > 0.5 * sound.length) return undefined
    matches.push({ words: [word, word + 1], groups: [group, end] })
    group = end
  }
  return group === spoken.length ? matches : undefined
}

function matchCheapest(words: readonly Word[], spoken: readonly string[]): Match[] | undefined {
  const expected = words.reduce((sum, { groups }) => sum + groups, 0)
  const reach = Math.abs(expected - spoken.length) + 3
  const width = spoken.length + 1
  const best: (Step | undefined)[] = Array.from({ length: (words.length + 1) * width })
  best[0] = { cost: 0, word: 0, group: 0 }
  let diagonal = 0
  for (const [word, { sound, groups }] of words.entries()) {
    const last = Math.min(spoken.length, diagonal + reach)
    for (let group = Math.max(0, diagonal - reach); group <= last; group++) {
      const here = best[word * width + group]
      if (here === undefined) continue
      const offer = (taken: number, matched: number, cost: number): void => {
        const at = (word + taken) * width + group + matched
        const known = best[at]
        if (known === undefined || here.cost + cost < known.cost)
          best[at] = { cost: here.cost + cost, word, group }
      }
      const end = group + groups
      if (end <= spoken.length) offer(1, groups, editDistance(sound, joinGroups(spoken, group, end)))
      if (group === spoken.length) continue
      let fused = sound
      for (let taken = 2; taken <= mostFused && word + taken <= words.length; taken++) {
        fused += words[word + taken - 1]!.sound
        if (fused.length > 2 * spoken[group]!.length + 4) break
        // Slightly more expensive than separate words, so that words are not fused without reason.
        offer(taken, 1, 0.2 + editDistance(fused, spoken[group]!))
      }
      // A symbol that is read out ("colon") belongs to the next word.
      if (end < spoken.length) {
        offer(
          1,
          groups + 1,
          spoken[group]!.length + editDistance(sound, joinGroups(spoken, group + 1, end + 1)),
        )
      }
    }
    diagonal += groups
  }
  const end = best[words.length * width + spoken.length]
  if (end === undefined || end.cost > maxErrorRate * joinGroups(spoken, 0, spoken.length).length)
    return undefined
  return tracePath(best, width, words.length, spoken.length)
}

function joinGroups(spoken: readonly string[], from: number, to: number): string {
  if (to === from + 1) return spoken[from]!
  return spoken.slice(from, to).join('')
}

function tracePath(
  best: readonly (Step | undefined)[],
  width: number,
  words: number,
  groups: number,
): Match[] | undefined {
  const matches: Match[] = []
  for (let word = words, group = groups; word > 0;) {
    const step = best[word * width + group]
    if (step === undefined) return undefined
    matches.push({ words: [step.word, word], groups: [step.group, group] })
    ;({ word, group } = step)
  }
  return matches.toReversed()
}

const vowels = new Set('aeiouyæɐɑɒəɛɜɪɨɔøœʊʌᵻ')
const vowelForVowel = 0.3
const vowelDropped = 0.5

/** Edit distance between two strings of phonemes without diacritics; vowel changes cost less. */
function editDistance(left: string, right: string): number {
  if (left === right) return 0
  let row = [0]
  for (const phoneme of right) row.push(row.at(-1)! + (vowels.has(phoneme) ? vowelDropped : 1))
  for (const one of left) {
    const isVowel = vowels.has(one)
    const next = [row[0]! + (isVowel ? vowelDropped : 1)]
    for (let j = 0; j < right.length; j++) {
      const other = right[j]!
      const otherIsVowel = vowels.has(other)
      const swapped = one === other ? 0 : isVowel && otherIsVowel ? vowelForVowel : 1
      next.push(
        Math.min(
          row[j]! + swapped,
          row[j + 1]! + (isVowel ? vowelDropped : 1),
          next[j]! + (otherIsVowel ? vowelDropped : 1),
        ),
      )
    }
    row = next
  }
  return row.at(-1)!
}

/** Removes stress, length and consonant modifications. */
function withoutDiacritics(phonemes: string): string {
  return phonemes
    .replaceAll(/[ˈˌː]|[\u0300-\u036f]/gu, '')
    .replaceAll(/[ɾʔ]/gu, 't')
    .replaceAll('ɚ', 'əɹ')
}
