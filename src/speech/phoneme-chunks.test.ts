import { expect, test } from 'vitest'
import { hibariTokenizer } from './engines/hibari/hibari-symbols.ts'
import { type IdChunk, phonemeChunks } from './phoneme-chunks.ts'

const ids = new Map(Array.from(' ,.!abcdefgh', (symbol, index) => [symbol, index + 1] as const))

/** Chunks of a text whose words are their own phonemes. */
function chunksOf(text: string): IdChunk[] {
  const words = [...text.matchAll(/[a-z]+/g)].map(({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    phonemes: word,
  }))
  return phonemeChunks(text, words, hibariTokenizer(ids, 'en-us'))
}

/** The last word of each chunk, with the character after it. */
function ends(text: string): string[] {
  return chunksOf(text).map(({ words }) => text.slice(words.at(-1)!.start, words.at(-1)!.end + 1))
}

test('a chunk has a 0 at either end, and each word has the range of its ids', () => {
  expect(chunksOf('ab, cd.')).toEqual([
    {
      ids: [0, 5, 6, 2, 1, 7, 8, 3, 0],
      words: [
        { start: 0, end: 2, first: 1, last: 3 },
        { start: 4, end: 6, first: 5, last: 7 },
      ],
    },
  ])
})

test('a long text is cut after a sentence, else after a clause, else between words', () => {
  expect(ends(`${'ab '.repeat(80)}cd, ${'ab '.repeat(10)}ef! ${'ab '.repeat(60)}gh.`)).toEqual(['ef!', 'gh.'])
  expect(ends(`${'ab '.repeat(90)}cd, ${'ab '.repeat(70)}gh.`)).toEqual(['cd,', 'gh.'])
  expect(ends(`${'ab '.repeat(200)}gh.`)).toEqual(['ab ', 'gh.'])
})

test('no chunk is longer than 400 ids, even within a word', () => {
  for (const text of ['a'.repeat(3000), 'ab, '.repeat(900), `${'h'.repeat(500)} ab`]) {
    const chunks = chunksOf(text)
    expect(Math.max(...chunks.map(({ ids: chunkIds }) => chunkIds.length))).toBeLessThanOrEqual(400)
    const letters = chunks.flatMap(({ ids: chunkIds }) => chunkIds).filter((id) => id > 4)
    expect(letters).toHaveLength(text.replaceAll(/[^a-h]/g, '').length)
  }
})

test('phonemes without ids give no chunk', () => {
  expect(chunksOf('xyz')).toEqual([])
})
