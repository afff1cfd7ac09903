import {
  being,
  determiners,
  isPlainVerb,
  prepositions,
  subjects,
  wordBefore,
  lastWord,
  nextWord,
  contextAt,
  wordsIn,
  type Context,
  type HeteronymRule as Rule,
} from './english-context.ts'
import { bow, bows, lead, minute, content, row, learned, attributive } from './nouns-of-two-sounds.ts'
import { nounVerbPairs } from './nouns-and-verbs.ts'
import type { PronunciationOverride } from '../novel/pronunciation.ts'
import {
  read,
  live,
  lives,
  close,
  tear,
  tears,
  wound,
  wind,
  winds,
  used,
  use,
} from './verbs-of-two-sounds.ts'

/** All words that the rules know, in small letters. */
export function heteronymWords(): string[] {
  return [...Object.keys(heteronymRules), ...nounVerbPairs.keys()]
}

/** English words that are spelt alike and said in two ways, told apart by the words around them. */
export function findHeteronyms(text: string): PronunciationOverride[] {
  const words = wordsIn(text)
  const found: PronunciationOverride[] = []
  for (const [at, { word, start }] of words.entries()) {
    const low = word.toLowerCase()
    const rule = Object.hasOwn(heteronymRules, low) ? heteronymRules[low] : undefined
    const pair = rule === undefined ? nounVerbPairs.get(low) : undefined
    if (rule === undefined && pair === undefined) continue
    const context = contextAt(text, words, at)
    const phonemes = rule ? rule(context) : isVerb(context) ? pair!.verb : pair!.noun
    if (phonemes !== undefined) found.push({ start, end: start + word.length, phonemes })
  }
  return found
}

/** A plain verb, or one of the third person: "it presents itself", "who records it", "his heart rebels against it". */
function isVerb(context: Context): boolean {
  const { word, before, after } = context
  if (!word.endsWith('s')) return isPlainVerb(context)
  if (/^(?:he|she|it|this|that|which|who|nobody|everybody|everyone)$/.test(wordBefore(context))) return true
  const object = /^(?:me|him|us|them|her|it|against|\w*sel(?:f|ves))$/.test(after[0] ?? '')
  return object && !determiners.has(before[0] ?? '') && !prepositions.has(before[0] ?? '')
}

const heteronymRules: Readonly<Record<string, Rule>> = {
  read,
  bow,
  bows,
  bowed: () => 'bˈaʊd',
  lead,
  live,
  lives,
  close,
  tear,
  tears,
  wound,
  wounds: () => 'wˈuːndz',
  wind,
  winds,
  minute,
  content,
  used,
  use,
  row,
  rows: () => 'ɹˈoʊz',
  learned,
  blessed: attributive('blˈɛsɪd'),
  aged: attributive('ˈeɪdʒɪd'),
  polish: ({ written, first }) => (written === 'Polish' && !first ? 'pˈoʊlɪʃ' : undefined),
  sow: (context) => (determiners.has(lastWord(context)) ? 'sˈaʊ' : 'sˈoʊ'),
  bass: ({ sentence }) =>
    /\b(?:fish(?:ing|ed)?|caught|lake|river|pond|sea bass)\b/.test(sentence) ? 'bˈæs' : 'bˈeɪs',
  dove: (context) =>
    /^(?:into|under|down|in|for|beneath|off|after)$/.test(nextWord(context)) &&
    (subjects.has(wordBefore(context)) || lastWord(context) === 'and')
      ? 'dˈoʊv'
      : 'dˈʌv',
  deserts: (context) =>
    /^(?:just|his|her|their|its|own|your)$/.test(lastWord(context)) && nextWord(context) === ''
      ? 'dᵻzˈɜːts'
      : undefined,
  invalid: (context) =>
    being.has(wordBefore(context)) && !determiners.has(lastWord(context)) ? 'ɪnvˈælɪd' : 'ˈɪnvəlɪd',
}
