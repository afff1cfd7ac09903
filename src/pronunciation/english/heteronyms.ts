import type { PronunciationOverride } from '../../novel/pronunciation-annotations.ts'
import {
  being,
  type Context,
  contextAt,
  determiners,
  type HeteronymRule as Rule,
  isPlainVerb,
  lastWord,
  nextWord,
  prepositions,
  subjects,
  wordBefore,
  wordsIn,
} from './english-context.ts'
import { attributive, bow, bows, content, lead, learned, minute, row } from './noun-heteronyms.ts'
import { close, live, lives, read, tear, tears, use, used, wind, winds, wound } from './verb-heteronyms.ts'

/** All words with a rule, in lower case. */
export function heteronymWords(): string[] {
  return [...Object.keys(heteronymRules), ...nounVerbPairs.keys()]
}

/** Finds English heteronyms, words with one spelling and two pronunciations, and disambiguates them by context. */
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

/**
 * Whether it is a verb, in its base form or the third person: "it presents itself", "who records it", "his heart rebels
 * against it".
 */
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
  uses: (context) =>
    /^(?:its|the|many|their|various|few|other|such|several|no)$/.test(lastWord(context))
      ? 'jˈuːsᵻz'
      : undefined,
  excused: () => 'ɛkskjˈuːzd',
  excusing: () => 'ɛkskjˈuːzɪŋ',
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

/**
 * Heteronyms with one pronunciation as a noun or adjective and another as a verb: `word noun verb`, in General American
 * IPA.
 */
const nounVerbTable = `
abuse əbjˈuːs əbjˈuːz
excuse ɛkskjˈuːs ɛkskjˈuːz
excuses ɛkskjˈuːsᵻz ɛkskjˈuːzᵻz
house hˈaʊs hˈaʊz
misuse mɪsjˈuːs mɪsjˈuːz
refuse ɹˈɛfjuːs ɹᵻfjˈuːz
object ˈɑːbdʒɛkt əbdʒˈɛkt
objects ˈɑːbdʒɛkts əbdʒˈɛkts
present pɹˈɛzənt pɹᵻzˈɛnt
presents pɹˈɛzənts pɹᵻzˈɛnts
desert dˈɛzɚt dᵻzˈɜːt
record ɹˈɛkɚd ɹᵻkˈɔːɹd
records ɹˈɛkɚdz ɹᵻkˈɔːɹdz
conduct kˈɑːndʌkt kəndˈʌkt
conflict kˈɑːnflɪkt kənflˈɪkt
contest kˈɑːntɛst kəntˈɛst
contract kˈɑːntɹækt kəntɹˈækt
contrast kˈɑːntɹæst kəntɹˈæst
convert kˈɑːnvɜːt kənvˈɜːt
convict kˈɑːnvɪkt kənvˈɪkt
convicts kˈɑːnvɪkts kənvˈɪkts
escort ˈɛskɔːɹt ɛskˈɔːɹt
export ˈɛkspɔːɹt ɛkspˈɔːɹt
extract ˈɛkstɹækt ɛkstɹˈækt
import ˈɪmpɔːɹt ɪmpˈɔːɹt
incense ˈɪnsɛns ɪnsˈɛns
increase ˈɪnkɹiːs ɪnkɹˈiːs
decrease dˈiːkɹiːs dᵻkɹˈiːs
insult ˈɪnsʌlt ɪnsˈʌlt
insults ˈɪnsʌlts ɪnsˈʌlts
perfect pˈɜːfɛkt pɚfˈɛkt
permit pˈɜːmɪt pɚmˈɪt
produce pɹˈoʊduːs pɹədˈuːs
progress pɹˈɑːɡɹɛs pɹəɡɹˈɛs
project pɹˈɑːdʒɛkt pɹədʒˈɛkt
protest pɹˈoʊtɛst pɹətˈɛst
rebel ɹˈɛbəl ɹᵻbˈɛl
rebels ɹˈɛbəlz ɹᵻbˈɛlz
reject ɹˈiːdʒɛkt ɹᵻdʒˈɛkt
subject sˈʌbdʒɛkt səbdʒˈɛkt
suspect sˈʌspɛkt səspˈɛkt
suspects sˈʌspɛkts səspˈɛkts
survey sˈɜːveɪ sɚvˈeɪ
torment tˈɔːɹmɛnt tɔːɹmˈɛnt
transport tɹˈænspɔːɹt tɹænspˈɔːɹt
attribute ˈætɹɪbjuːt ɐtɹˈɪbjuːt
compound kˈɑːmpaʊnd kəmpˈaʊnd
console kˈɑːnsoʊl kənsˈoʊl
converse kˈɑːnvɜːs kənvˈɜːs
frequent fɹˈiːkwənt fɹiːkwˈɛnt
absent ˈæbsənt æbsˈɛnt
ally ˈælaɪ ɐlˈaɪ
separate sˈɛpɹət sˈɛpɚɹˌeɪt
deliberate dᵻlˈɪbɚɹət dᵻlˈɪbɚɹˌeɪt
moderate mˈɑːdɚɹət mˈɑːdɚɹˌeɪt
intimate ˈɪntɪmət ˈɪntɪmˌeɪt
estimate ˈɛstɪmət ˈɛstɪmˌeɪt
elaborate ᵻlˈæbɚɹət ᵻlˈæbɚɹˌeɪt
appropriate əpɹˈoʊpɹiət əpɹˈoʊpɹiˌeɪt
alternate ˈɔːltɚnət ˈɔːltɚnˌeɪt
advocate ˈædvəkət ˈædvəkˌeɪt
associate əsˈoʊʃiət əsˈoʊʃiˌeɪt
delegate dˈɛlɪɡət dˈɛlɪɡˌeɪt
animate ˈænɪmət ˈænɪmˌeɪt
articulate ɑːɹtˈɪkjʊlət ɑːɹtˈɪkjʊlˌeɪt
degenerate dᵻdʒˈɛnɚɹət dᵻdʒˈɛnɚɹˌeɪt
duplicate dˈuːplɪkət dˈuːplɪkˌeɪt
subordinate səbˈɔːɹdɪnət səbˈɔːɹdɪnˌeɪt
graduate ɡɹˈædʒuːət ɡɹˈædʒuːˌeɪt
precipitate pɹᵻsˈɪpɪtət pɹᵻsˈɪpɪtˌeɪt
`

export const nounVerbPairs: ReadonlyMap<string, { readonly noun: string; readonly verb: string }> = new Map(
  nounVerbTable
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([word = '', noun = '', verb = '']) => [word, { noun, verb }]),
)
