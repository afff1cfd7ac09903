import type { Gender } from '../novel/cast.ts'
import type { NarrationWords } from './narration-words.ts'

/** Who is said to speak: by name or noun as it is written, by a pronoun, or the storyteller. */
export type Mention =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pronoun'; readonly gender: Gender | 'any' }
  | { readonly kind: 'self' }

/** How much of the narration beside a quote is read, in characters. */
const reach = 160

type Token = string

/** Words and marks; French “dit-il” and “s’écria” are two words each. */
function tokensOf(text: string, code: string): Token[] {
  const tokens = text.match(/\p{L}[\p{L}\p{M}’'-]*|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? []
  return tokens.flatMap((token) => {
    if (code === 'fr') return token.split(/(?<=^[A-Za-z]{1,2}['’])|-t-|-(?=(?:il|elle|ils|elles|on|je)$)/u)
    return [token.replace(/['’]s$/u, (ending) => `\u0000${ending}`)].flatMap((word) => word.split('\u0000'))
  })
}

const isWord = (token: Token | undefined): token is Token => token !== undefined && /^\p{L}/u.test(token)
const isCapital = (token: Token | undefined): token is Token =>
  token !== undefined && /^\p{Lu}/u.test(token) && !/^(?:['’]s)$/u.test(token)

interface Subject {
  readonly mention: Mention
  readonly next: number
}

const titles = new Set(
  'mr mrs ms dr prof st mme mlle m mgr hr fr frl sr sra capt col gen lt sgt rev messrs'.split(' '),
)

/** The subject that begins at a token: a pronoun, a name, or an article with its noun. `verb`: it has to end before one. */
function subjectAt(
  tokens: readonly Token[],
  at: number,
  words: NarrationWords,
  verb: boolean,
): Subject | undefined {
  const first = tokens[at]
  if (!isWord(first)) return undefined
  const low = first.toLowerCase()
  const pronoun = words.pronouns.get(low)
  const next = tokens[at + 1]
  if (words.code === 'vi') {
    const alone = next === 'ta' || next === 'ấy' ? 2 : 1
    const after = tokens[at + alone]?.toLowerCase() ?? ''
    if (pronoun !== undefined && (alone === 2 || words.verbs.has(after) || words.adverbs.has(after)))
      return { mention: byPronoun(pronoun), next: at + alone }
  } else if (pronoun !== undefined && (low !== 'i' || first === 'I')) {
    return { mention: byPronoun(pronoun), next: at + 1 }
  }
  if (words.articles.has(low.replace(/['’]$/u, ''))) return nounAt(tokens, at, words, verb)
  // “said poor Anna”.
  if (words.adjectives.has(first) && isCapital(next)) return nameAt(tokens, at + 1, words)
  if (!isCapital(first) || (words.starters.has(low) && !titles.has(low))) return undefined
  return nameAt(tokens, at, words)
}

function byPronoun(pronoun: Gender | 'any' | 'self'): Mention {
  return pronoun === 'self' ? { kind: 'self' } : { kind: 'pronoun', gender: pronoun }
}

/** “Prince Vasíli”, “Mr. Darcy”, “Mademoiselle de Fleury”. */
function nameAt(tokens: readonly Token[], at: number, words: NarrationWords): Subject | undefined {
  const parts: string[] = []
  let to = at
  while (parts.length < 5) {
    const token = tokens[to]
    if (!isCapital(token)) {
      if (
        parts.length > 0 &&
        token !== undefined &&
        words.particles.has(token) &&
        isCapital(tokens[to + 1])
      ) {
        parts.push(token)
        to++
        continue
      }
      break
    }
    parts.push(token)
    to++
    if (tokens[to] === '.' && titles.has(token.toLowerCase())) {
      parts[parts.length - 1] += '.'
      to++
    }
  }
  // “Anna’s brother said”: nobody is named. A verb in capitals begins no name.
  if (parts.length === 0 || /^['’]s$/u.test(tokens[to] ?? '')) return undefined
  return { mention: { kind: 'name', name: parts.join(' ') }, next: to }
}

/** “the old woman”, “the Mock Turtle”, “der alte Mann”, “ông lão”, “cô Hai”. */
function nounAt(
  tokens: readonly Token[],
  at: number,
  words: NarrationWords,
  verb: boolean,
): Subject | undefined {
  const parts: string[] = [tokens[at]!]
  let to = at + 1
  while (parts.length < 5) {
    const token = tokens[to]
    if (!isWord(token)) break
    const low = token.toLowerCase()
    if (words.stops.has(low) || words.adverbs.has(low)) break
    if (words.code !== 'vi' && words.pronouns.has(low)) break
    if (verb && words.verbs.has(low)) break
    if (words.code === 'en' && /(?:ly|ing)$/u.test(low) && !isCapital(token)) break
    parts.push(token)
    to++
    // A German noun is capitalised and ends what its article begins.
    if (words.code === 'de' && isCapital(token)) break
  }
  if (parts.length < 2 || /^['’]s$/u.test(tokens[to] ?? '')) return undefined
  if (words.code === 'de' && !isCapital(parts.at(-1))) return undefined
  // More words than an adjective and a noun, and what they are is not known.
  if (parts.length > (words.code === 'en' ? 4 : 3)) return undefined
  if (words.code !== 'en' && words.code !== 'vi' && words.code !== 'de') {
    const name = parts.slice(1).filter(isCapital)
    if (name.length > 0) return { mention: { kind: 'name', name: name.join(' ') }, next: to }
  }
  return { mention: { kind: 'name', name: parts.join(' ').replace(/['’] /u, '’') }, next: to }
}

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
  if (isWord(verb) && !isCapital(verb) && words.verbs.has(verb) && words.code !== 'vi') {
    let from = verbAt + 1
    while (from < verbAt + 3 && (isAdverb(tokens[from], words) || tokens[from] === 'sich')) from++
    // “asked somebody behind him”: it is said by one whom the words do not tell.
    return subjectAt(tokens, from, words, false)?.mention ?? { kind: 'pronoun', gender: 'any' }
  }
  // “I see.” Anna said nothing.
  if (leads || (isClosed && isCapital(first))) return undefined
  const subject = subjectAt(tokens, at, words, true)
  if (!subject) return undefined
  let to = subject.next
  while (to < subject.next + 3 && isAdverb(tokens[to], words)) to++
  const goesOn = words.code === 'en' && tokens[to] === 'went' && tokens[to + 1] === 'on'
  return goesOn || words.verbs.has(tokens[to] ?? '') ? subject.mention : undefined
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
  const verbAt = tokens.findLastIndex((token) => words.verbs.has(token))
  if (verbAt < 0) return undefined
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
  if (!subject || tokens.slice(subject.next, verbAt).some((token) => words.pronouns.has(token)))
    return undefined
  return tokens
    .slice(subject.next, link)
    .some((token, nth, all) => joined.test(token) && isCapital(all[nth + 1]))
    ? undefined
    : subject.mention
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

/** The subjects of the sentences of a narration that are named. */
export function namedSubjects(narration: string, words: NarrationWords): string[] {
  const names: string[] = []
  for (const sentence of narration.slice(-800).split(/(?<=[.!?…]["”’»]?)\s+/u)) {
    const subject = subjectAt(tokensOf(sentence.slice(0, 80), words.code), 0, words, true)
    if (subject?.mention.kind === 'name') names.push(subject.mention.name)
  }
  return names
}
