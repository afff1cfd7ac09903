import { isSpeakable } from '../../../segmenter/character-traits.ts'
import { rulesForLanguage } from '../../../segmenter/language-rules.ts'
import { sentenceEnds } from '../../../segmenter/sentence-boundaries.ts'

/**
 * A text in pieces of at most `limit` UTF-16 units each (2 at least), for a server that takes no more at once; as even
 * as its pauses allow, since voices mumble on long input and babble on short. Cut after a sentence, else a clause,
 * else a word, else between characters, and never inside a surrogate pair. A piece without a letter or digit is left
 * out, for there is nothing to say in it.
 */
export function chunksFor(text: string, limit: number, language = 'und'): string[] {
  const chunks: string[] = []
  if (text.trim().length <= limit) chunks.push(text.trim())
  else {
    const kinds = cutsOf(text, language)
    const cut = (from: number, to: number): void => {
      const start = to - text.slice(from, to).trimStart().length
      const end = from + text.slice(from, to).trimEnd().length
      const at = end - start <= limit ? undefined : bestCut(text, start, end, limit, kinds)
      if (at === undefined) chunks.push(text.slice(start, end))
      else {
        cut(start, at)
        cut(at, end)
      }
    }
    cut(0, text.length)
  }
  return chunks.filter((piece) => isSpeakable(piece, 0, piece.length))
}

/** Where pieces may end, the better kinds first. */
function cutsOf(text: string, language: string): number[][] {
  const after = (pattern: RegExp): number[] =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => index + found.length)
  const between = (granularity: 'word' | 'grapheme'): number[] =>
    Array.from(new Intl.Segmenter(undefined, { granularity }).segment(text), ({ index }) => index)
  return [
    sentenceEnds(text, 0, text.length, rulesForLanguage(language)),
    after(/[,;:…—–]["”’»)]*\s+|[，、；：]|—(?=\p{L})/gu),
    after(/\s+/g),
    between('word'), // of scripts without spaces
    between('grapheme'),
    after(/./gsu), // code points
  ]
}

/**
 * The cut of the best kind nearest to where even pieces would part, with something to say in both; `undefined` if
 * there is but one character.
 */
function bestCut(
  text: string,
  start: number,
  end: number,
  limit: number,
  kinds: readonly (readonly number[])[],
): number | undefined {
  const count = Math.ceil((end - start) / limit)
  const wanted = start + ((end - start) * Math.floor(count / 2)) / count
  const nearest = (cuts: readonly number[]): number | undefined =>
    cuts.toSorted((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted))[0]
  const least = Math.max(1, Math.floor(limit / 4))
  for (const kind of kinds) {
    const cut = nearest(
      kind.filter(
        (at) =>
          at >= start + least &&
          at <= end - least &&
          isSpeakable(text, start, at) &&
          isSpeakable(text, at, end),
      ),
    )
    if (cut !== undefined) return cut
  }
  return nearest((kinds.at(-1) ?? []).filter((at) => at > start && at < end))
}
