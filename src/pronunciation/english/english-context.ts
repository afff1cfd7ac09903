/** A word of an English text and its context, in lower case; '' where the clause begins or ends. */
export interface Context {
  readonly word: string
  /** In its original case. */
  readonly written: string
  /** The preceding words of its clause, nearest first. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** The whole sentence, in lower case. */
  readonly sentence: string
  /** Whether it begins a sentence or direct speech. */
  readonly first: boolean
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))

export const determiners = setOf(
  'the a an this that these those my your his her its our their some any no every each another what which whose such much ' +
    'more less enough many several few both all two three four five six ten one other thy mine own',
)
export const subjects = setOf(
  'i you he she it we they who ye thou nobody everybody somebody everyone people men women',
)
const auxiliaries = setOf(
  'to will would shall should can could may might must do does did don’t didn’t doesn’t won’t wouldn’t can’t cannot couldn’t ' +
    'shouldn’t mustn’t let’s i’ll you’ll he’ll she’ll we’ll they’ll i’d you’d he’d she’d we’d they’d not help let make please',
)
export const having = setOf('have has had having i’ve you’ve we’ve they’ve hadn’t haven’t hasn’t')
export const being = setOf(
  'am is are was were be been being i’m you’re he’s she’s it’s we’re they’re isn’t wasn’t weren’t that’s there’s',
)
export const prepositions = setOf(
  'of in on at by for with from into upon under over without within through after before against between among about like as ' +
    'toward towards near beside behind across during beyond than',
)
const objects = setOf(
  'such me him us them it her you my your his its our their the a an this that these those myself himself herself itself themselves ' +
    'everything nothing something anything',
)
const adverbs = setOf(
  'never always often ever just only also even soon then now hardly rather still both either already almost',
)

function isAdverb(word: string): boolean {
  return (
    adverbs.has(word) ||
    (word.endsWith('ly') && word.length > 4 && !/^(?:family|only|reply|supply|belly|ally|jelly)$/.test(word))
  )
}

/** The nearest preceding word that is not an adverb. */
export function wordBefore({ before }: Context): string {
  return before.find((word, i) => i > 2 || !isAdverb(word)) ?? ''
}

/** "could", "to", "I’ll": words that precede a verb's base form. */
export function isAuxiliary(word: string): boolean {
  return auxiliaries.has(word)
}

export function isObject(word: string): boolean {
  return objects.has(word)
}

/** Whether it is a verb in its base form: after "to", "will", a pronoun, or as an imperative. */
export function isPlainVerb(context: Context): boolean {
  const { before, after } = context
  const [last = '', second = ''] = before
  const near = wordBefore(context)
  const next = after[0] ?? ''
  if (/sel(?:f|ves)$/.test(next) && !determiners.has(last)) return true
  if (/^(?:that|which|who)$/.test(last) && isObject(next)) return true
  // "was not present", but "do not present"
  if (near === 'not' && being.has(before[before.indexOf('not') + 1] ?? '')) return false
  if (isAuxiliary(near))
    return !(near === 'to' && next === 'of') && !(near === 'make' && last === 'make' && !isObject(next))
  if (subjects.has(near)) return !(near === 'it' || near === 'you') || !takesObjectPronoun(second)
  if (determiners.has(last) || prepositions.has(last) || being.has(near) || having.has(near)) return false
  if (/['’]s$/.test(last)) return false
  // "did the old man object", "will nobody excuse"
  const inQuestion = before
    .slice(1, 5)
    .some((word) => /^(?:do|does|did|will|would|shall|should|can|could|may|might|must)$/.test(word))
  const interrupted = before
    .slice(0, 3)
    .some((word) => being.has(word) || /^(?:our|my|his|her|their|your|a|an|of)$/.test(word))
  if (
    inQuestion &&
    !interrupted &&
    next !== 'of' &&
    !determiners.has(last) &&
    (isObject(next) || next === '' || next === 'to')
  )
    return true
  if (
    last === '' ||
    last === 'and' ||
    last === 'or' ||
    last === 'but' ||
    last === 'then' ||
    last === 'pray'
  ) {
    const earlier = before.slice(1, 5)
    if (
      last !== '' &&
      next !== 'of' &&
      earlier.some(isAuxiliary) &&
      !earlier.some((word) => word === 'of' || word === 'with')
    )
      return true
    return (isObject(next) && next !== 'that') || /^(?:up|down|off|away|out|with|to)$/.test(next)
  }
  // "The men object to it", "the laws refuse him"
  return (
    /[^s’']s$|men$|people$|children$/.test(last) &&
    (isObject(next) || next === 'to') &&
    !prepositions.has(second)
  )
}

/** "gave you", "make it": the pronoun is an object, not a subject. */
function takesObjectPronoun(word: string): boolean {
  return /^(?:give|gave|given|gives|send|sent|make|made|makes|bring|brought|take|took|with|for|to|of|by|from|at|on|tell|told)$/.test(
    word,
  )
}

const token = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|[.,;:!?…—–()“”"«»]/gu

/** The words of a text with their offsets; a punctuation mark, which separates clauses, has the word ''. */
export function wordsIn(text: string): { readonly word: string; readonly start: number }[] {
  return Array.from(text.matchAll(token), ({ 0: found, index }) => ({
    word: /^[\p{L}]/u.test(found) ? found : '',
    start: index,
  }))
}

/** Maximum context words on either side. */
const reach = 8

export function contextAt(
  text: string,
  words: readonly { readonly word: string; readonly start: number }[],
  at: number,
): Context {
  const lowerCased = (word: string): string => word.toLowerCase().replaceAll("'", '’')
  const before: string[] = []
  for (let i = at - 1; i >= 0 && before.length < reach && words[i]!.word !== ''; i--)
    before.push(lowerCased(words[i]!.word))
  const after: string[] = []
  for (let i = at + 1; i < words.length && after.length < reach && words[i]!.word !== ''; i++)
    after.push(lowerCased(words[i]!.word))
  const written = words[at]!.word
  return {
    word: lowerCased(written),
    written,
    before,
    after,
    get sentence() {
      return lowerCased(text)
    },
    first: at === 0 || (before.length === 0 && !/[,;:]/.test(text[words[at - 1]!.start] ?? '')),
  }
}

/** Phonemes (IPA) of a word in its context; `undefined`: the engine's own pronunciation. */
export type HeteronymRule = (context: Context) => string | undefined

export function has(words: readonly string[], pattern: RegExp): boolean {
  return words.some((word) => pattern.test(word))
}

export function nextWord({ after }: Context): string {
  return after[0] ?? ''
}

export function lastWord({ before }: Context): string {
  return before[0] ?? ''
}
