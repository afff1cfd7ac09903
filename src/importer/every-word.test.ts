import { expect, test } from 'vitest'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { randomEpub } from '../../test/fixtures/random-epub.ts'
import { Failure } from '../novel/failure.ts'
import type { ImportedNovel } from '../novel/novel.ts'

// Every word of a book is kept: in a chapter, narrated or not, or in a skip.

/** The number of occurrences of each word of the form `lamp12q` in the import. */
function wordsOf({ chapters }: ImportedNovel): Map<string, number> {
  const counts = new Map<string, number>()
  const read = (text: string): void => {
    for (const [word] of text.matchAll(/(?:lamp|Sea|höhe|мир|gió|Mill)\d+q/g))
      counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  for (const { blocks, skips } of chapters) {
    for (const { text, readings = [] } of blocks) {
      read(text)
      for (const { said = '' } of readings) read(said)
    }
    for (const { start, end, text = '' } of skips) if (start === end) read(text)
  }
  return counts
}

test.each(Array.from({ length: 150 }, (_, index) => index + 1))(
  'every word of a random EPUB is exactly once in a chapter or in a skip: %d',
  async (seed) => {
    const { bytes, words } = await randomEpub(seed)
    try {
      const found = wordsOf(await importBytes(bytes, 'a.epub'))
      expect(
        words.filter((word) => found.get(word) !== 1).map((word) => `${word}: ${found.get(word)}`),
      ).toEqual([])
    } catch (error) {
      // A book of only notes, pictures and hidden lines has nothing to speak.
      if (!(error instanceof Failure) || error.code !== 'novel.no-text') throw error
    }
  },
)
