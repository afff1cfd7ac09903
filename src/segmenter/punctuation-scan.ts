import { attached, closer, digit, letter, opener, space, terminator, traitsAt } from './character-traits.ts'

/**
 * How far a rule looks around a stop, in characters: no abbreviation, address or sequence of quotes is longer, and an
 * unbounded search for every stop would be quadratic.
 */
export const reach = 100

/**
 * The offset after everything that closes the sentence whose first stop is at `at`: more stops, quotes, brackets, note
 * marks.
 */
export function pastClosers(text: string, at: number, end: number): number {
  let i = at + 1
  while (i < end) {
    const traits = traitsAt(text, i)
    if (traits & terminator || traits & attached) i++
    else if (traits & closer) {
      if (isAmbiguous(text, i) && i + 1 < end && traitsAt(text, i + 1) & (letter | digit)) return i
      i++
    } else if (traits & space && text[i - 1] === '.' && text[i + 1] === '.' && i + 1 < end) i += 2
    else if (traits & space && text[i + 1] === '»' && i + 1 < end && !opensWord(text, i + 2, end)) i += 2
    else if (text[i] === '[') {
      const mark = noteMark(text, i, end)
      if (mark === i) return i
      i = mark
    } else return i
  }
  return i
}

/** Marks that open or close: straight quotes; “ ‘ « close in German, » opens there. */
function isAmbiguous(text: string, i: number): boolean {
  return '"\'“‘«‹»›_*'.includes(text[i]!)
}

function opensWord(text: string, i: number, end: number): boolean {
  return i < end && (traitsAt(text, i) & (letter | digit)) !== 0
}

/** The end of a note mark like [12] that begins at `i`, or `i`. */
function noteMark(text: string, i: number, end: number): number {
  let stop = i + 1
  while (stop < end && stop < i + 5 && traitsAt(text, stop) & digit) stop++
  return stop > i + 1 && text[stop] === ']' && stop < end ? stop + 1 : i
}

export function pastSpaces(text: string, i: number, end: number): number {
  let next = i
  while (next < end && traitsAt(text, next) & space) next++
  return next
}

export function pastOpeners(text: string, i: number, end: number): number {
  const last = Math.min(end, i + reach)
  let next = i
  while (next < last && traitsAt(text, next) & (opener | space)) next++
  return next
}
