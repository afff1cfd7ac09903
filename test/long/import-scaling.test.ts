import { expect, test } from 'vitest'
import { importBytes } from '../fixtures/import-bytes.ts'
import { hostileTexts } from '../fixtures/hostile-texts.ts'
import { randomBook } from '../fixtures/random-book.ts'

// A quadratic rule would need hours for these; the runner's time limit is the only one.
test.each(Object.entries(hostileTexts))('a million characters of %s are read', async (_, text) => {
  const end = await importBytes(text, 'a.txt').then(
    ({ chapters }) => chapters.length > 0,
    (error: { code?: string }) => error.code,
  )
  expect([true, 'novel.no-text', 'novel.hostile']).toContain(end)
})

test('each chapter of two thousand random texts is found once', async () => {
  const wrong: string[] = []
  for (let seed = 1_000; seed < 3_000; seed += 1) {
    const { text, chapters, style } = randomBook(seed)
    const novel = await importBytes(text, 'a.txt')
    const named = novel.chapters.filter(({ title }) => /chapter|chương|第.{1,3}章|kapitola/i.test(title))
    if (named.length !== chapters) wrong.push(`${seed} ${style}: ${named.length} of ${chapters}`)
  }
  expect(wrong).toEqual([])
})
