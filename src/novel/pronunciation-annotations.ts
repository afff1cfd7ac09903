/**
 * How one word of a spoken text is pronounced, inside the text itself: the word and its phonemes between Unicode's
 * interlinear annotation characters (U+FFF9 to U+FFFB). They are in the clip's key like every other character, no book
 * contains them (what shows nothing is taken out before), and whoever wants plain words leaves them out.
 */
const begins = '\ufff9'
const parts = '\ufffa'
const ends = '\ufffb'
const annotation = /\ufff9([^\ufff9-\ufffb]*)\ufffa([^\ufff9-\ufffb]*)\ufffb/g

/** A stretch `[start, end)` of a plain text and the phonemes it is said with: IPA with stress, as Americans say it. */
export interface Pronunciation {
  readonly start: number
  readonly end: number
  readonly phonemes: string
}

/** A word with its phonemes, as a piece of spoken text. */
export function annotate(word: string, phonemes: string): string {
  return begins + word + parts + phonemes + ends
}

/** The spoken text in plain words. */
export function stripAnnotations(spoken: string): string {
  return spoken.includes(begins) ? spoken.replaceAll(annotation, '$1') : spoken
}

export interface AnnotatedText {
  readonly text: string
  readonly pronunciations: readonly Pronunciation[]
  /** Leads an offset of the plain text back into the spoken text. */
  readonly toSpokenOffset: (offset: number, side: 'start' | 'end') => number
}

/** A spoken text parted into its plain words and what is said of their pronunciation. */
export function parsePronunciations(spoken: string): AnnotatedText {
  if (!spoken.includes(begins))
    return { text: spoken, pronunciations: [], toSpokenOffset: (offset) => offset }
  const pronunciations: Pronunciation[] = []
  /** Where each annotation stands in the spoken text. */
  const places: (readonly [start: number, end: number])[] = []
  let text = ''
  let at = 0
  for (const { 0: found, 1: word = '', 2: phonemes = '', index } of spoken.matchAll(annotation)) {
    text += spoken.slice(at, index)
    pronunciations.push({ start: text.length, end: text.length + word.length, phonemes })
    places.push([index, index + found.length])
    text += word
    at = index + found.length
  }
  text += spoken.slice(at)
  const offsetIn = (offset: number, side: 'start' | 'end'): number => {
    let shift = 0
    for (const [i, { start, end }] of pronunciations.entries()) {
      if (side === 'start' ? offset < start : offset <= start) break
      const [from, to] = places[i]!
      if (side === 'start' ? offset < end : offset <= end) return side === 'start' ? from : to
      shift = to - end
    }
    return offset + shift
  }
  return { text, pronunciations, toSpokenOffset: offsetIn }
}

/** A word `[start, end)` of a spoken text that is said otherwise than it is spelt: by phonemes, or as other words. */
export interface PronunciationOverride {
  readonly start: number
  readonly end: number
  /** IPA of English. */
  readonly phonemes?: string
  readonly words?: string
}
