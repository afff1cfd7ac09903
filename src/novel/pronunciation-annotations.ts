/**
 * Inline pronunciation of one word in a spoken text: the word and its phonemes between Unicode's interlinear annotation
 * characters (U+FFF9 to U+FFFB). They are part of the clip's key like every other character. No book contains them,
 * because the importer removes invisible characters; `stripAnnotations` gives the plain text.
 */
const opener = '\ufff9'
const separator = '\ufffa'
const closer = '\ufffb'
const annotation = /\ufff9([^\ufff9-\ufffb]*)\ufffa([^\ufff9-\ufffb]*)\ufffb/g

/** Phonemes for `[start, end)` of a plain text: IPA with stress; of English, General American. */
export interface Pronunciation {
  readonly start: number
  readonly end: number
  readonly phonemes: string
}

/** Annotates a word with its phonemes, for a spoken text. */
export function annotate(word: string, phonemes: string): string {
  return opener + word + separator + phonemes + closer
}

/** The spoken text without annotations. */
export function stripAnnotations(spoken: string): string {
  return spoken.includes(opener) ? spoken.replaceAll(annotation, '$1') : spoken
}

export interface AnnotatedText {
  readonly text: string
  readonly pronunciations: readonly Pronunciation[]
  /** Maps an offset in the plain text to the spoken text. */
  readonly toSpokenOffset: (offset: number, side: 'start' | 'end') => number
}

/** Splits a spoken text into plain text and pronunciations. */
export function parsePronunciations(spoken: string): AnnotatedText {
  if (!spoken.includes(opener))
    return { text: spoken, pronunciations: [], toSpokenOffset: (offset) => offset }
  const pronunciations: Pronunciation[] = []
  /** Ranges of the annotations in the spoken text. */
  const ranges: (readonly [start: number, end: number])[] = []
  let text = ''
  let at = 0
  for (const { 0: found, 1: word = '', 2: phonemes = '', index } of spoken.matchAll(annotation)) {
    text += spoken.slice(at, index)
    pronunciations.push({ start: text.length, end: text.length + word.length, phonemes })
    ranges.push([index, index + found.length])
    text += word
    at = index + found.length
  }
  text += spoken.slice(at)
  const offsetIn = (offset: number, side: 'start' | 'end'): number => {
    let shift = 0
    for (const [i, { start, end }] of pronunciations.entries()) {
      if (side === 'start' ? offset < start : offset <= start) break
      const [from, to] = ranges[i]!
      if (side === 'start' ? offset < end : offset <= end) return side === 'start' ? from : to
      shift = to - end
    }
    return offset + shift
  }
  return { text, pronunciations, toSpokenOffset: offsetIn }
}

/** A word `[start, end)` of a spoken text that is not pronounced as spelt: its phonemes, or substitute words. */
export interface PronunciationOverride {
  readonly start: number
  readonly end: number
  /** IPA. */
  readonly phonemes?: string
  readonly words?: string
}
