import type { Gender } from '../novel/cast.ts'
import type { NarrationWords } from './narration-words.ts'

/** Who is said to speak: by name or noun as it is written, by a pronoun, or the storyteller. */
export type Mention =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pronoun'; readonly gender: Gender | 'any' }
  | { readonly kind: 'self' }

export type Token = string

/** Words and marks; French “dit-il” and “s’écria” are two words each. */
export function tokensOf(text: string, code: string): Token[] {
  const tokens = text.match(/\p{L}[\p{L}\p{M}’'-]*|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? []
  return tokens.flatMap((token) => {
    if (code === 'fr') return token.split(/(?<=^[A-Za-z]{1,2}['’])|-t-|-(?=(?:il|elle|ils|elles|on|je)$)/u)
    return [token.replace(/['’]s$/u, (ending) => `\u0000${ending}`)].flatMap((word) => word.split('\u0000'))
  })
}

export const isWord = (token: Token | undefined): token is Token =>
  token !== undefined && /^\p{L}/u.test(token)
export const isCapital = (token: Token | undefined): token is Token =>
  token !== undefined && /^\p{Lu}/u.test(token) && !/^(?:['’]s)$/u.test(token)

interface Subject {
  readonly mention: Mention
  readonly next: number
}

const titles = new Set(
  'mr mrs ms dr prof st mme mlle m mgr hr fr frl sr sra capt col gen lt sgt rev messrs'.split(' '),
)

/** The subject that begins at a token: a pronoun, a name, or an article with its noun. `verb`: it has to end before one. */
export function subjectAt(
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
  if (words.honorifics.has(low) && isCapital(next)) {
    const named = nameAt(tokens, at + 1, words)
    return named && { mention: { kind: 'name', name: `${first} ${nameOf(named)}` }, next: named.next }
  }
  // “said poor Anna”.
  if (words.adjectives.has(first) && isCapital(next)) return nameAt(tokens, at + 1, words)
  if (!isCapital(first) || (words.starters.has(low) && !titles.has(low))) return undefined
  return nameAt(tokens, at, words)
}

function nameOf({ mention }: Subject): string {
  return mention.kind === 'name' ? mention.name : ''
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
    if (parts.length > 1 && words.finite?.test(token)) break
    // “Bà Tư nhìn”, “the Time Traveller proceeded”: a name ends with its capitals.
    if ((words.code === 'vi' || words.code === 'en') && parts.slice(1).some(isCapital) && !isCapital(token))
      break
    parts.push(token)
    to++
    // A German noun is capitalised and ends what its article begins.
    if (words.code === 'de' && isCapital(token)) break
  }
  if (parts.length < 2 || /^['’]s$/u.test(tokens[to] ?? '')) return undefined
  if (words.code === 'de') {
    if (!isCapital(parts.at(-1))) return undefined
    // There is one father: “der ungeduldige Vater” is “der Vater”.
    if (words.kin.has(parts.at(-1)!.toLowerCase())) parts.splice(1, parts.length - 2)
  }
  // More words than an adjective and a noun, and what they are is not known.
  if (parts.length > (words.code === 'en' ? 4 : 3)) return undefined
  if (words.code !== 'en' && words.code !== 'vi' && words.code !== 'de') {
    const name = parts.slice(1).filter(isCapital)
    if (name.length > 0) return { mention: { kind: 'name', name: name.join(' ') }, next: to }
  }
  return { mention: { kind: 'name', name: parts.join(' ').replace(/['’] /u, '’') }, next: to }
}
