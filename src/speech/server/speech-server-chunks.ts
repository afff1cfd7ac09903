import { isSpeakable } from '../../segmenter/character-traits.ts'
import { rulesForLanguage } from '../../segmenter/language-rules.ts'
import { sentenceEnds } from '../../segmenter/sentence-boundaries.ts'

/**
 * Splits a text into chunks of at most `limit` UTF-16 units (at least 2), for a server with a limit; as evenly as its
 * pauses allow, since voices mumble on long input and babble on short. Splits after a sentence, else a clause, else a
 * word, else between graphemes, and never inside a surrogate pair. Chunks without a letter or digit are omitted.
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
  return chunks.filter((chunk) => isSpeakable(chunk, 0, chunk.length))
}

/** Possible ends of chunks, by kind, best first. */
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
 * The cut of the best kind nearest to an even split, with speakable text on both sides; `undefined` if there is only
 * one character.
 */
function bestCut(
  text: string,
  start: number,
  end: number,
  limit: number,
  kinds: readonly (readonly number[])[],
): number | undefined {
  const count = Math.ceil((end - start) / limit)
  const target = start + ((end - start) * Math.floor(count / 2)) / count
  const nearest = (cuts: readonly number[]): number | undefined =>
    cuts.toSorted((one, other) => Math.abs(one - target) - Math.abs(other - target))[0]
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
