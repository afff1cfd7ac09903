/** Which words of a text share which groups of phonemes: `[firstWord, endWord)` ↔ `[firstGroup, endGroup)`. */
export interface Match {
  readonly words: readonly [number, number]
  readonly groups: readonly [number, number]
}

/** As many words as are ever run together in one group. */
const mostFused = 4
/** More edits than this for each phoneme and the match is a guess. */
const maxErrorRate = 0.3

interface Step {
  readonly cost: number
  readonly word: number
  readonly group: number
}

/**
 * Matches the groups of phonemes that a whole text was turned into with its words, knowing what each word gives when it
 * stands alone. In a sentence words are weakened ("a", "the"), run together ("of the") or, for numbers, several groups
 * long. The cheapest path is found by dynamic programming along the diagonal. `undefined` where it would be a guess.
 */
export function alignGroups(
  alone: readonly (readonly string[])[],
  groups: readonly string[],
): Match[] | undefined {
  const words = alone.map((own) => ({ sound: withoutDiacritics(own.join('')), groups: own.length }))
  const heard = groups.map(withoutDiacritics)
  return matchInOrder(words, heard) ?? matchCheapest(words, heard)
}

interface Word {
  /** What it sounds like alone, bare. */
  readonly sound: string
  /** In how many groups. */
  readonly groups: number
}

/** The ordinary case: every word is there with as many groups as when alone, and sounds alike. */
function matchInOrder(words: readonly Word[], heard: readonly string[]): Match[] | undefined {
  const matches: Match[] = []
  let group = 0
  for (const [word, { sound, groups }] of words.entries()) {
    const end = group + groups
    if (end > heard.length) return undefined
    if (editDistance(sound, joinGroups(heard, group, end)) > 0.5 * sound.length) return undefined
    matches.push({ words: [word, word + 1], groups: [group, end] })
    group = end
  }
  return group === heard.length ? matches : undefined
}

function matchCheapest(words: readonly Word[], heard: readonly string[]): Match[] | undefined {
  const expected = words.reduce((sum, { groups }) => sum + groups, 0)
  const reach = Math.abs(expected - heard.length) + 3
  const width = heard.length + 1
  const best: (Step | undefined)[] = Array.from({ length: (words.length + 1) * width })
  best[0] = { cost: 0, word: 0, group: 0 }
  let diagonal = 0
  for (const [word, { sound, groups }] of words.entries()) {
    const last = Math.min(heard.length, diagonal + reach)
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
      if (end <= heard.length) offer(1, groups, editDistance(sound, joinGroups(heard, group, end)))
      if (group === heard.length) continue
      let fused = sound
      for (let taken = 2; taken <= mostFused && word + taken <= words.length; taken++) {
        fused += words[word + taken - 1]!.sound
        if (fused.length > 2 * heard[group]!.length + 4) break
        // Slightly dearer than words that stand on their own, so that equals are not fused.
        offer(taken, 1, 0.2 + editDistance(fused, heard[group]!))
      }
      // A sign that is read out ("colon") goes with the word after it.
      if (end < heard.length) {
        offer(
          1,
          groups + 1,
          heard[group]!.length + editDistance(sound, joinGroups(heard, group + 1, end + 1)),
        )
      }
    }
    diagonal += groups
  }
  const end = best[words.length * width + heard.length]
  if (end === undefined || end.cost > maxErrorRate * joinGroups(heard, 0, heard.length).length)
    return undefined
  return tracePath(best, width, words.length, heard.length)
}

function joinGroups(heard: readonly string[], from: number, to: number): string {
  if (to === from + 1) return heard[from]!
  return heard.slice(from, to).join('')
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
const vowelLost = 0.5

/** The edits that turn one bare string of phonemes into the other; vowels weaken cheaply. */
function editDistance(left: string, right: string): number {
  if (left === right) return 0
  let row = [0]
  for (const phoneme of right) row.push(row.at(-1)! + (vowels.has(phoneme) ? vowelLost : 1))
  for (const one of left) {
    const isVowel = vowels.has(one)
    const next = [row[0]! + (isVowel ? vowelLost : 1)]
    for (let j = 0; j < right.length; j++) {
      const other = right[j]!
      const otherIsVowel = vowels.has(other)
      const swapped = one === other ? 0 : isVowel && otherIsVowel ? vowelForVowel : 1
      next.push(
        Math.min(
          row[j]! + swapped,
          row[j + 1]! + (isVowel ? vowelLost : 1),
          next[j]! + (otherIsVowel ? vowelLost : 1),
        ),
      )
    }
    row = next
  }
  return row.at(-1)!
}

/** Without stress, length and the ways a consonant is weakened. */
function withoutDiacritics(phonemes: string): string {
  return phonemes
    .replaceAll(/[ˈˌː]|[\u0300-\u036f]/gu, '')
    .replaceAll(/[ɾʔ]/gu, 't')
    .replaceAll('ɚ', 'əɹ')
}
