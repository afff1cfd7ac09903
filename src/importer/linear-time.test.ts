import { expect, test } from 'vitest'
import { hostileTexts } from '../../test/fixtures/hostile-texts.ts'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { Failure } from '../novel/failure.ts'

/** Duration of an import, successful or not, in milliseconds. */
async function timed(text: string): Promise<number> {
  const before = performance.now()
  try {
    await importBytes(text, 'a.txt')
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  return performance.now() - before
}

const prose = 'It was a long way to the sea, and nobody who had gone there had come back to tell of it.\n\n'

// A quadratic rule takes ten thousand times as long for a million characters.
test('a million characters of any kind are read about as fast as a million characters of prose', async () => {
  const text = prose.repeat(Math.ceil(1_000_000 / prose.length))
  await timed(text)
  const usual = await timed(text)
  for (const name of [
    'blanks between two letters',
    'blanks in lines of 80,000',
    'open brackets',
    'marks of one note',
    'letters and full stops',
    'hyphens at line ends',
    'titles of contents',
  ])
    expect({ name, times: (await timed(hostileTexts[name] ?? '')) / usual }).toEqual({
      name,
      times: expect.toSatisfy((times: number) => times < 200),
    })
})

test('a file of only line ends, or of tens of thousands of chapters, is rejected with a message', async () => {
  await expect(importBytes(`a${'\n'.repeat(3_100_000)}b`, 'a.txt')).rejects.toMatchObject({
    code: 'novel.hostile',
    message: expect.stringContaining('more than 3,000,000 lines'),
  })
  const chapters = Array.from(
    { length: 25_000 },
    (_, index) => `Chapter ${index % 9_000}\n\n${prose}${prose}`,
  )
  await expect(importBytes(chapters.join(''), 'a.txt')).rejects.toMatchObject({
    code: 'novel.hostile',
    message: expect.stringContaining('more than 20,000 chapters'),
  })
  // Lines without text between them are a list.
  const lines = Array.from({ length: 300_000 }, (_, index) => `Chapter ${index % 9_000}`).join('\n')
  expect((await importBytes(lines, 'a.txt')).chapters.length).toBeLessThanOrEqual(9_000)
})
