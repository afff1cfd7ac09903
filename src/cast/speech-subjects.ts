import type { NarrationWords } from './narration-words.ts'
import { isCapital, isWord, type Mention, subjectAt, type Token, tokensOf } from './subject-phrases.ts'

/** How much of the narration beside a quote is read, in characters. */
const reach = 160

const clitics = new Set(["s'", 's’', 'se', 'lui', 'leur', 'me', "m'", 'm’', 'le', 'les', 'sich'])

/**
 * Who speaks the quote before this narration: “…,” said Anna; “…?” the old man asked. `quote`: the quote itself; `leads`:
 * the narration ends with a colon, so that a subject before its verb may be the next quote's.
 */
export function subjectAfter(
  quote: string,
  narration: string,
  words: NarrationWords,
  leads = false,
): Mention | undefined {
  const isClosed = /[.…]["”’»“«]?\s*$/u.test(quote)
  const tokens = tokensOf(narration.slice(0, reach), words.code)
  let at = 0
  while (/^[,—–-]$/u.test(tokens[at] ?? '')) at++
  const first = tokens[at]
  if (!isWord(first)) return undefined
  const verbAt = clitics.has(first.toLowerCase()) && words.code !== 'en' && words.code !== 'vi' ? at + 1 : at
  const verb = tokens[verbAt]
  const tag = isTag(quote, narration, words)
  if (isWord(verb) && !isCapital(verb) && words.code !== 'vi') {
    let from = verbAt + 1
    while (from < verbAt + 3 && (isAdverb(tokens[from], words) || tokens[from] === 'sich')) from++
    // “fit observer le docteur”
    if (words.code === 'fr' && verb === 'fit' && /^\p{Ll}+r$/u.test(tokens[from] ?? '')) from++
    const found = subjectAt(tokens, from, words, false)
    // “said Anna and Ben”: nobody single.
    const inverted: Mention | undefined =
      found && joins(tokens, found.next, words) ? { kind: 'pronoun', gender: 'any' } : found?.mention
    // “asked somebody behind him”: it is said by one whom the words do not tell.
    if (words.verbs.has(verb)) return inverted ?? { kind: 'pronoun', gender: 'any' }
    if (tag && inverted && words.tagVerbs.test(verb)) return inverted
  }
  // “I see.” Anna said nothing.
  if (leads || (isClosed && isCapital(first))) return undefined
  const subject = subjectAt(tokens, at, words, true)
  if (!subject) return undefined
  let to = subject.next
  while (to < subject.next + 3 && isAdverb(tokens[to], words)) to++
  const goesOn = words.code === 'en' && tokens[to] === 'went' && tokens[to + 1] === 'on'
  if (goesOn || isVerb(tokens, to, words)) return subject.mention
  return tag && (words.code === 'en' || words.code === 'vi') && words.tagVerbs.test(tokens[to] ?? '')
    ? subject.mention
    : undefined
}

const conjunctions = new Set('and und et y và'.split(' '))

/** Whether somebody else is joined to what ends at a token. */
function joins(tokens: readonly Token[], at: number, words: NarrationWords): boolean {
  const next = tokens[at + 1]
  return (
    conjunctions.has(tokens[at] ?? '') && next !== undefined && (isCapital(next) || words.articles.has(next))
  )
}

/** “kêu lên” is a verb of speech, “kêu” alone may be none. */
function isVerb(tokens: readonly Token[], at: number, words: NarrationWords): boolean {
  const token = tokens[at]
  if (token === undefined) return false
  return words.verbs.has(token) || words.phrases.has(`${token} ${tokens[at + 1] ?? ''}`)
}

/** Whether the narration behind a quote goes on with its sentence, so that its first verb is one of speech. */
function isTag(quote: string, narration: string, { code }: NarrationWords): boolean {
  if (code === 'es') return /^\s*—/u.test(narration)
  if (code === 'fr') return true
  return /,["”’»“«]?\s*$/u.test(quote) || (code === 'de' && /^\s*,/u.test(narration))
}

function isAdverb(token: Token | undefined, words: NarrationWords): boolean {
  return (
    token !== undefined &&
    (words.adverbs.has(token) || (words.code === 'en' && /^\p{Ll}{2,}ly$/u.test(token)))
  )
}

/** Who speaks the quote behind this narration: Anna said: “…”; The old man looked up and asked, “…”. */
export function subjectBefore(narration: string, words: NarrationWords): Mention | undefined {
  const sentence = lastSentence(narration.slice(-reach * 2))
  if (sentence === undefined || !/(?:[:,—–]|\p{L})\s*$/u.test(sentence)) return undefined
  const tokens = tokensOf(sentence, words.code)
  const verbAt = tokens.findLastIndex((_, at) => isVerb(tokens, at, words))
  if (verbAt < 0) return gesturing(sentence, tokens, words)
  // “Dann sagte der Vater:”, “Entonces dijo Ana:”.
  if (inverting.has(words.code)) {
    let from = verbAt + 1
    while (clitics.has(tokens[from]?.toLowerCase() ?? '') || words.adverbs.has(tokens[from] ?? '')) from++
    const inverted = subjectAt(tokens, from, words, false)
    if (inverted) return inverted.mention
  }
  // “Anna said nothing, and the rain fell,” and what is quoted then is nobody's.
  const rest = tokens.slice(verbAt + 1)
  if (rest.length > 14 || rest.slice(0, -1).some((token) => /[;:]/u.test(token))) return undefined
  if (!sentence.trimEnd().endsWith(':') && rest.filter((token) => token === ',').length > 1) return undefined
  for (let at = Math.max(0, verbAt - 6); at < verbAt; at++) {
    const before = tokens[at - 1]
    if (
      before !== undefined &&
      isWord(before) &&
      !words.starters.has(before.toLowerCase()) &&
      !isAdverb(before, words)
    )
      continue
    if (before !== undefined && objects.has(before.toLowerCase())) continue
    const subject = subjectAt(tokens, at, words, true)
    if (!subject || subject.next > verbAt) continue
    let to = subject.next
    while (to < verbAt && (isAdverb(tokens[to], words) || clitics.has(tokens[to]!))) to++
    if (to === verbAt) return subject.mention
  }
  const joined = /^(?:and|et|und|y|,|rồi|liền|bèn)$/u
  let link = verbAt - 1
  while (link > 0 && isAdverb(tokens[link], words)) link--
  if (!joined.test(tokens[link] ?? '') && !tokens[verbAt]!.endsWith('ing')) return undefined
  const subject = subjectAt(tokens, 0, words, true)
  // Another subject may stand in between: “Anna fell silent, and Ben came and said:”.
  const isOther = (token: Token, nth: number, all: readonly Token[]): boolean =>
    words.pronouns.has(token) && (words.code !== 'vi' || joined.test(all[nth - 1] ?? ''))
  if (!subject || tokens.slice(subject.next, verbAt).some(isOther)) return undefined
  // “Ông dừng lại, hỏi”: what stands there is a verb as easily as a noun.
  if (words.code === 'vi' && subject.mention.kind === 'name' && !/\s\p{Lu}/u.test(subject.mention.name))
    return undefined
  return tokens
    .slice(subject.next, link)
    .some(
      (token, nth, all) =>
        joined.test(token) &&
        (isCapital(all[nth + 1]) || (token !== ',' && words.articles.has(all[nth + 1] ?? ''))),
    )
    ? undefined
    : subject.mention
}

/** Whoever turns to somebody, smiles or nods before a colon speaks behind it: “Anna turned to the window: “No.””. */
function gesturing(sentence: string, tokens: readonly Token[], words: NarrationWords): Mention | undefined {
  if (!words.gestures || !/:\s*$/u.test(sentence)) return undefined
  const subject = subjectAt(tokens, 0, words, true)
  if (!subject) return undefined
  // Vietnamese leads to a speech so, whatever somebody does: “Chị Dậu run run:”. A word alone with a capital may be no name.
  if (words.code === 'vi' && subject.mention.kind === 'name' && words.articles.has(tokens[0]!.toLowerCase()))
    return subject.mention
  let at = subject.next
  while (clitics.has(tokens[at] ?? '') || isAdverb(tokens[at], words)) at++
  return words.gestures.test(tokens[at] ?? '') || words.gestures.test(tokens[subject.next] ?? '')
    ? subject.mention
    : undefined
}

/** Languages in which the subject stands behind the verb, when something else begins the sentence. */
const inverting = new Set(['de', 'es', 'fr'])

/** After these a name is no subject. */
const objects = new Set(
  'to of at from with by for upon on in into à de mit zu von an a con với cho and et und y và or'.split(' '),
)

/** What follows the last full stop that ends a sentence; `undefined` if nothing does. */
function lastSentence(text: string): string | undefined {
  let start = 0
  for (const { index, 0: found } of text.matchAll(/[.!?…]["”’»“]?\s+(?=["“‘«„¿¡]?\p{Lu})/gu)) {
    if (
      /\b(?:Mr|Mrs|Ms|Dr|St|Mme|Mlle|M|Hr|Sr|Sra|Capt|Col|Gen)$/u.test(
        text.slice(Math.max(0, index - 8), index),
      )
    )
      continue
    start = index + found.length
  }
  const sentence = text.slice(start)
  return sentence.trim() === '' ? undefined : sentence
}

const sentenceEnd = /(?<=(?<!\b(?:Mr|Mrs|Ms|Dr|St|Mme|Mlle|M|Hr|Sr|Sra))[.!?…]["”’»]?)\s+/u

/** The subjects of the sentences of a narration that are named. */
export function namedSubjects(narration: string, words: NarrationWords): string[] {
  const names: string[] = []
  for (const sentence of narration.slice(-800).split(sentenceEnd)) {
    const subject = subjectAt(tokensOf(sentence.slice(0, 80), words.code), 0, words, true)
    if (subject?.mention.kind === 'name') names.push(subject.mention.name)
  }
  return names
}
