import { digit, letter, space, terminator, traitsAt } from '../segmenter/character-traits.ts'

/** What the dialogue of a chapter stands between: single marks count as speech only where they are the usual ones. */
export interface QuotationStyle {
  /** ‘ and ’, or ' as such. */
  readonly single: boolean
  /** » and «: as in German books. */
  readonly inward: boolean
  /** A paragraph that begins with a dash is spoken. */
  readonly dashes: boolean
}

/** Marks that open speech, each with those that close it. « and » are told apart by the style. */
const closersOf: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '“”',
  '"': '"',
  '「': '」',
  '『': '』',
  '‘': '’',
  '‚': '‘’',
  "'": "'",
  '‹': '›',
}

const singles = new Set(["'", '‘', '‚', '‹'])

/** The marks that close a quote which `mark` opens in this style; `undefined` if it opens none. */
export function closersFor(mark: string, style: QuotationStyle): string | undefined {
  if (mark === '«') return style.inward ? undefined : '»'
  if (mark === '»') return style.inward ? '«' : undefined
  if (singles.has(mark) && !style.single) return undefined
  return closersOf[mark]
}

const dashLanguages = new Set(['fr', 'es', 'vi', 'pt', 'it', 'ru'])
/** A dash or hyphen at a paragraph's start, with the space behind it. */
const leadingDash = /^\s*(?:[—–―]|--?(?=\s|\p{L}))/u

export function leadingDashLength(text: string): number {
  return leadingDash.exec(text.slice(0, 12))?.[0].length ?? 0
}

/** The style of a chapter's paragraphs, by what is most frequent in them. Linear in their length. */
export function quotationStyle(texts: readonly string[], language: string): QuotationStyle {
  const [code = ''] = language.toLowerCase().split('-')
  const count = { double: 0, single: 0, inward: 0, outward: 0, dashes: 0 }
  for (const text of texts) {
    if (leadingDashLength(text) > 0) count.dashes++
    for (let at = 0; at < text.length; at++) {
      const mark = text[at]!
      if (mark === '“' || mark === '„' || mark === '「' || (mark === '"' && opensHere(text, at)))
        count.double++
      else if ((mark === '‘' || mark === "'") && opensHere(text, at)) count.single++
      else if (mark === '«' || mark === '»') {
        if (opensHere(text, at)) count[mark === '«' ? 'outward' : 'inward']++
      }
    }
  }
  const double = count.double + count.inward + count.outward
  const marked = double + count.single
  return {
    single: count.single > double,
    inward: count.inward > count.outward,
    dashes: count.dashes > 0 && (dashLanguages.has(code) || count.dashes > 2 * marked),
  }
}

/** Whether a mark at `at` stands where a quote begins: before a word, after a space, a dash or a bracket. */
export function opensHere(text: string, at: number): boolean {
  const [before, after] = [traitsAt(text, at - 1), traitsAt(text, at + 1)]
  if (at + 1 >= text.length || after & space) return text[at] === '«' && at + 2 < text.length
  return at === 0 || (before & (letter | digit | terminator)) === 0 || text[at - 1] === '…'
}

/**
 * For each apostrophe ’ or ' of a text, whether it closes a quote: it does behind a mark of a sentence, and behind a word
 * only if no better one comes before the next quote opens. “the boys’ hats”, “don’t” and “’tis” have none that do.
 */
export function closingApostrophes(text: string): ReadonlySet<number> {
  const closing = new Set<number>()
  let betterAhead = false
  for (let at = text.length - 1; at >= 0; at--) {
    const mark = text[at]
    if (mark === '‘' || mark === '‚') betterAhead = false
    if (mark !== '’' && mark !== "'") continue
    if (traitsAt(text, at + 1) & (letter | digit) && at + 1 < text.length) {
      if (mark === "'" && opensHere(text, at)) betterAhead = false
      continue
    }
    if (at > 0 && ',.!?…—–-;:*)”"'.includes(text[at - 1]!)) {
      closing.add(at)
      betterAhead = true
    } else if (at > 0 && traitsAt(text, at - 1) & (letter | digit) && !betterAhead) closing.add(at)
  }
  return closing
}
