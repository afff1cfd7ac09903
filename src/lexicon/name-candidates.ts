import type { Block } from '../novel/novel.ts'
import { primarySubtag } from '../novel/voice.ts'

/** A word of a novel that may be a name, or one that is in no dictionary. */
export interface NameCandidate {
  /** As it is written most often, without a possessive ending. */
  readonly word: string
  readonly count: number
  /** Names that it is a part of, those that occur most first: “Mr. Darcy”, “Darcy’s”. */
  readonly forms: readonly string[]
  /** Where it stands first. */
  readonly first: {
    readonly chapter: number
    readonly block: number
    readonly start: number
    readonly end: number
  }
  /** Capitalised within sentences; else a rare word that may be unknown. */
  readonly isName: boolean
  /** Words before it that tell which language it comes from: `monsieur`. In lower case. */
  readonly titles: readonly string[]
}

interface Seen {
  count: number
  /** Capitalised where a sentence does not begin. */
  within: number
  lower: number
  afterArticle: number
  readonly spellings: Map<string, number>
  readonly forms: Map<string, number>
  readonly titles: Set<string>
  readonly first: NameCandidate['first']
}

const word = /[\p{L}\p{M}]+(?:[’'][\p{L}\p{M}]+)*/gu
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const possessive = /[’'](?:s|S)?$/u
/** Behind these a sentence begins. */
const beforeSentence = /(?:^|[.!?…:;—–*_([{“”"‘«»„‹›¿¡|]|--|\n)[\s“”"‘’'«»„‹›(¿¡*_—–-]*$/u

const titles = wordSet(
  'mr mrs ms miss sir lady lord dr st mme mlle monsieur madame mademoiselle messrs captain colonel major general lieutenant count countess prince princess king queen duke duchess baron baroness marquis marquise comte comtesse vicomte emperor empress aunt uncle don doña señor señora señorita signor signora signorina herr frau fräulein graf gräfin père saint sainte ' +
    'ông bà cô cậu chú bác anh chị em',
)
/** French and Italian words that lose their vowel before another: “l’abbé”, “d’Artagnan”. */
const elided =
  /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|dell|all|un|nell|sull|dall|quell|sant)['’](?=[\p{L}]{2})/iu

/** Capitalised within sentences, and said like any word. */
const noNames = wordSet(
  'i i’m i’ll i’ve i’d god lord heaven o oh ah mr mrs ms miss sir madam dr english ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ' +
    'chapter book part volume project gutenberg mme mlle messrs',
)
const articles: Readonly<Record<string, ReadonlySet<string>>> = {
  de: wordSet(
    'der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer mein meine meinen im am zum zur vom ins beim jede jeder jedes diese dieser dieses diesem diesen alle viel mehr',
  ),
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** Letters of a word that is longer are no word. */
const longest = 40
/** How many different words of a novel are looked at; a long one has 40,000. */
const mostWords = 200_000

/** Collects the words of a novel, chapter by chapter. */
export class NameCollector {
  readonly #seen = new Map<string, Seen>()
  readonly #articles: ReadonlySet<string>
  readonly #nounsAreCapital: boolean
  #skipped = 0

  constructor(language: string) {
    this.#nounsAreCapital = primarySubtag(language) in articles
    this.#articles = articles[primarySubtag(language)] ?? new Set()
  }

  /** Words in scripts without blanks between them, which cannot be told apart. */
  get skipped(): number {
    return this.#skipped
  }

  add(chapter: number, blocks: readonly Pick<Block, 'kind' | 'text'>[]): void {
    for (const [block, { kind, text }] of blocks.entries()) {
      if (kind === 'scene-break') continue
      const isHeading = kind === 'heading'
      let before: { readonly text: string; readonly end: number; starts: boolean } | undefined
      for (const { 0: found, index } of text.matchAll(word)) {
        if (unspaced.test(found)) {
          this.#skipped++
          before = undefined
          continue
        }
        const last = before
        before = { text: found, end: index + found.length, starts: false }
        if (found.length < 2 || found.length > longest) continue
        const lost = elided.exec(found)?.[0].length ?? 0
        const plain = found.slice(lost).replace(possessive, '').replaceAll("'", '’')
        const key = plain.toLowerCase()
        const start = index + lost
        const seen = this.#of(key, { chapter, block, start, end: start + plain.length })
        if (seen === undefined) continue
        if (plain === key) {
          seen.lower++
          continue
        }
        // A line of capitals says nothing about its words.
        if (isHeading || (plain === plain.toUpperCase() && plain.length > 1)) {
          seen.count++
          continue
        }
        seen.count++
        seen.spellings.set(plain, (seen.spellings.get(plain) ?? 0) + 1)
        const between = last && text.slice(last.end, index)
        const isNext = between !== undefined && /^(?: |\. )$/u.test(between)
        const title = isNext && last ? last.text.toLowerCase() : ''
        if (titles.has(title)) seen.titles.add(title)
        if (this.#articles.has(title)) seen.afterArticle++
        const starts = beforeSentence.test(text.slice(Math.max(0, index - 12), index)) && !titles.has(title)
        if (!starts) seen.within++
        before.starts = starts
        const lead =
          isNext &&
          last &&
          /^\p{Lu}/u.test(last.text) &&
          (titles.has(title) || (between === ' ' && !last.starts))
        const form = lead ? text.slice(last.end - last.text.length, index + found.length) : found
        if (form !== plain && seen.forms.size < 50) seen.forms.set(form, (seen.forms.get(form) ?? 0) + 1)
      }
    }
  }

  /** “Gregors” is Gregor’s, and “the Rostóvs” are some of them. */
  #joinEndings(): void {
    for (const [key, seen] of this.#seen) {
      const one = key.endsWith('s') && seen.lower === 0 ? this.#seen.get(key.slice(0, -1)) : undefined
      if (one === undefined || one.lower > 0 || one.count < seen.count) continue
      const [form = key] = mostOf(seen.spellings)
      one.count += seen.count
      one.forms.set(form, seen.count)
      this.#seen.delete(key)
    }
  }

  /**
   * Where every noun has a capital: hardly ever behind an article, and with a title or another name, or as somebody's
   * (“Gregors”).
   */
  #isNamed(key: string, { count, afterArticle, forms, titles: titled }: Seen): boolean {
    if (afterArticle * 10 > count) return false
    const genitive = `${key}s`
    // “Gregors Schwester” names Gregor alone.
    const named = (form: string): boolean => form.toLowerCase() === genitive || /[^sßxz\s] /u.test(form)
    return titled.size > 0 || [...forms.keys()].some(named)
  }

  #of(key: string, first: NameCandidate['first']): Seen | undefined {
    const known = this.#seen.get(key)
    if (known !== undefined || this.#seen.size >= mostWords) return known
    const seen: Seen = {
      count: 0,
      within: 0,
      lower: 0,
      afterArticle: 0,
      spellings: new Map(),
      forms: new Map(),
      titles: new Set(),
      first,
    }
    this.#seen.set(key, seen)
    return seen
  }

  /** Words in lower case, as which the novel itself writes its language, with how often. */
  *lowerWords(): Generator<readonly [word: string, count: number]> {
    for (const [key, { lower, count }] of this.#seen) if (lower > 0 && count <= lower) yield [key, lower]
  }

  /** Those that the novel capitalises, and the rare others of which `isUnknown` says so. */
  candidates(isUnknown: (word: string) => boolean): NameCandidate[] {
    this.#joinEndings()
    const found: NameCandidate[] = []
    for (const [key, seen] of this.#seen) {
      const { count, within, lower, afterArticle, first } = seen
      const isName =
        within > 0 &&
        lower * 5 <= count + lower &&
        (this.#nounsAreCapital ? this.#isNamed(key, seen) : afterArticle * 4 <= count) &&
        !noNames.has(key) &&
        !titles.has(key)
      if (!isName && (lower < 2 || count > lower || key.length < 4 || !isUnknown(key))) continue
      found.push({
        word: isName ? (mostOf(seen.spellings)[0] ?? key) : key,
        count: count + lower,
        forms: mostOf(seen.forms).slice(0, 4),
        first,
        isName,
        titles: [...seen.titles],
      })
    }
    return found
  }
}

function mostOf(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([text]) => text)
}
