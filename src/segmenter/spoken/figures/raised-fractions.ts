import type { Rule } from '../text-changes.ts'

/** "4¹/2", as an EPUB with raised and lowered digits gives it, and the noun after it. */
export const raisedMixed = /(?<![\d/.,])(\d+)([⁰¹²³⁴-⁹]{1,2})[/⁄](\d{1,2})(?![\d/])(?=(?:\s(\p{L}+))?)/gu

/** Says it by a language's rule for "4 1/2", whose groups are whole, above, below, sign, noun. */
export function raised(say: Exclude<Rule[1], string>): Exclude<Rule[1], string> {
  return (match) => {
    const [found, whole = '', above = '', below = '', noun] = match
    const plain = [found, whole, above.normalize('NFKC'), below, undefined, noun]
    return say(Object.assign(plain, { index: match.index, input: match.input }) as unknown as RegExpExecArray)
  }
}
