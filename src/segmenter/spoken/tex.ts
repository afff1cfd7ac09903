import { addChanges, type Change, type Passage } from './text-changes.ts'
import { asSigns, type FormulaWords, formulaWords, greekCommands, greekLetters } from './tex-words.ts'

/** `\(…\)`, `\[…\]`, `$$…$$`, and `$…$` without blanks inside its ends and without a letter or digit outside them. */
const formula =
  /\\\((.{1,300}?)\\\)|\\\[(.{1,300}?)\\\]|\$\$([^$]{1,300})\$\$|(?<![\p{L}\d$\\])\$(?!\s)([^$]{1,200})(?<![\s\\])\$(?![\p{L}\d$])/gsu

/**
 * Without any mark of TeX inside: a number, a letter, or letters and numbers with signs between them. "From $5 to 10$" is money, and
 * some programs write brackets as `\(so\)`.
 */
const plainFormula =
  /^(?:[-−]?\d+(?:[.,]\d+)*|(?=.*[a-z])(?:[a-z]|(?:\d+[a-z]?|[a-z])(?:\s?[-+=<>*/]\s?(?:\d+[a-z]?|[a-z]))+))$/i

/**
 * Formulas in TeX that a book has as plain text: "$x^2$" is "x squared". What is not certain to be one, or has a command
 * that is not known here, is left as it stands. `say` gives the spoken form of a part that other rules know.
 */
export function sayTex(
  { text, language }: Passage,
  changes: Change[],
  say: (words: string) => string | undefined,
): void {
  if (!/[$\\]/.test(text)) return
  addChanges(changes, text, formula, ([, round, square, display, inline]) => {
    const tex = round ?? square ?? display ?? inline ?? ''
    if (!/[\\^_]/.test(tex) && !plainFormula.test(tex.trim())) return undefined
    const own = formulaWords(language.code)
    const words = inWords(tex, own ?? asSigns)
    // Of words only what the rules for figures have words for: "2 m" is no length here.
    return own === undefined
      ? words && say(words)
      : words?.replaceAll(/(?:\d+ )?\d\/\d/g, (fraction) => say(fraction) ?? fraction)
  })
}

const token = /\s+|\\(?:[A-Za-z]+|[,;:! ])|\d+(?:[.,]\d+)*|[A-Za-zα-ω]|[-−+=<>*/(),^_{}]/gu
/** Distances, which have no words, and brackets that grow. */
const silent = /^(?:\s+|\\(?:[,;:! ]|quad|qquad|left|right|displaystyle|limits))$/
const operatorOf: Readonly<Record<string, string>> = {
  '+': '+',
  '-': '−',
  '−': '−',
  '=': '=',
  '<': '<',
  '>': '>',
  '*': '×',
  '\\cdot': '×',
  '\\times': '×',
  '\\le': '≤',
  '\\leq': '≤',
  '\\ge': '≥',
  '\\geq': '≥',
  '\\ne': '≠',
  '\\neq': '≠',
  '\\approx': '≈',
  '\\pm': '±',
}

/** `undefined` for what is no formula that can be said: unknown commands, words, brackets or signs that miss something. */
function inWords(tex: string, words: FormulaWords): string | undefined {
  const tokens = tex.match(token) ?? []
  const unknown = tokens.join('') !== tex || /[A-Za-z]{3,}/.test(tex.replaceAll(/\\[A-Za-z]+/g, ' '))
  if (unknown) return undefined
  const reader = new FormulaReader(
    tokens.filter((piece) => !silent.test(piece)),
    words,
  )
  const said = reader.expression()
  return reader.atEnd ? said : undefined
}

function joined(before: string, after: string): string {
  return before === '' || after === '' ? before + after : `${before} ${after}`
}

/** Reads a formula from left to right; each part is `undefined` if it cannot be said. */
class FormulaReader {
  readonly #tokens: readonly string[]
  readonly #words: FormulaWords
  #at = 0

  constructor(tokens: readonly string[], words: FormulaWords) {
    this.#tokens = tokens
    this.#words = words
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  /** Terms with signs between them, up to a closing bracket or the end. */
  expression(): string | undefined {
    let before = ''
    let product = ''
    for (let next = this.#peek(); next !== '' && next !== '}' && next !== ')'; next = this.#peek()) {
      const sign = operatorOf[next]
      if (sign !== undefined || next === ',') {
        // Only "−" may stand before a term by itself.
        if (product === '' && sign !== '−') return undefined
        this.#at += 1
        before = joined(before, product) + (sign === undefined ? ',' : '')
        if (sign !== undefined) before = joined(before, this.#words.signs[sign] ?? next)
        product = ''
        continue
      }
      const isFraction = next === '/'
      if (isFraction) this.#at += 1
      const term = isFraction && product === '' ? undefined : this.#term()
      if (term === undefined) return undefined
      product = isFraction ? this.#words.fraction(product, term) : joined(product, term)
    }
    return product === '' ? undefined : joined(before, product)
  }

  /** A number, letter or bracket with what stands above and below it. */
  #term(): string | undefined {
    let said = this.#atom()
    for (let next = this.#peek(); said !== undefined && (next === '^' || next === '_'); next = this.#peek()) {
      this.#at += 1
      const script = this.#atom()
      if (script === undefined) return undefined
      said = next === '^' ? this.#words.power(said, script) : `${said} ${script}`
    }
    return said
  }

  #atom(): string | undefined {
    const next = this.#peek()
    this.#at += 1
    if (/^[\dA-Za-zα-ω]/u.test(next)) {
      const greek = this.#words.greek[greekLetters.indexOf(next)]
      return greek ?? next
    }
    if (next === '{') return this.#closed(this.expression(), '}')
    if (next === '(') {
      const inner = this.#closed(this.expression(), ')')
      return inner && `(${inner})`
    }
    if (next === '\\infty') return this.#words.signs['∞']
    if (/^\\[dt]?frac$/.test(next)) {
      const above = this.#atom()
      const below = above && this.#atom()
      return above && below && this.#words.fraction(above, below)
    }
    if (next === '\\sqrt') {
      const of = this.#atom()
      return of && this.#words.root(of)
    }
    return this.#words.greek[greekCommands.indexOf(next.slice(1).replace(/^var/, '').toLowerCase())]
  }

  #closed(inner: string | undefined, bracket: string): string | undefined {
    if (this.#peek() !== bracket) return undefined
    this.#at += 1
    return inner
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }
}
