import { expect, test } from 'vitest'
import { randomFrom } from '../../../test/fixtures/speech-like.ts'
import { chunksFor } from './speech-server-chunks.ts'

test('a text that fits stays whole', () => {
  expect(chunksFor(' She opened the window. ', 40)).toEqual(['She opened the window.'])
})

test('a text is split between sentences first', () => {
  const text = 'Mr. Dean knocked twice, then once. Nobody came; the house was dark. He went home.'
  expect(chunksFor(text, 50, 'en')).toEqual([
    'Mr. Dean knocked twice, then once.',
    'Nobody came; the house was dark. He went home.',
  ])
})

test('then clauses, then words', () => {
  expect(chunksFor('When nobody had come, and the lamp was out, he went home alone', 40)).toEqual([
    'When nobody had come,',
    'and the lamp was out, he went home alone',
  ])
  expect(chunksFor('one two three four five six', 14)).toEqual(['one two three', 'four five six'])
  expect(chunksFor('他走了，门还开着，灯也没有关。', 8)).toEqual(['他走了，', '门还开着，', '灯也没有关。'])
})

test('numbers stay whole where a word is', () => {
  expect(chunksFor('He paid 1,000,000 for it, or more', 25)).toEqual(['He paid 1,000,000 for it,', 'or more'])
})

test('words longer than the limit are split between graphemes, never inside one', () => {
  const family = '👨‍👩‍👧'
  const text = `a${family}b𝒳c${'é'.normalize('NFD')}d`.repeat(6)
  for (let limit = 2; limit < 40; limit++) {
    const chunks = chunksFor(text, limit)
    for (const chunk of chunks) {
      expect(chunk.isWellFormed()).toBe(true)
      expect(chunk.length).toBeLessThanOrEqual(limit)
    }
    if (limit > 20) {
      expect(chunks.join('')).toBe(text)
      expect(chunks.every((chunk) => !/^\p{M}|^\u200d/u.test(chunk))).toBe(true)
    }
  }
})

test('no chunk is too long or unspeakable, and no text is lost', () => {
  const random = randomFrom(11)
  const words = [
    'she',
    'window',
    'evening',
    'of',
    'I',
    '—',
    '1,000',
    '“well”',
    '語音',
    '𝒳',
    '…',
    'Mr.',
    'supercalifragilistic',
  ]
  const marks = [' ', ' ', ' ', ' ', ', ', '. ', '; ', '! ', '—', '\n']
  for (let round = 0; round < 200; round++) {
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
    const text = `She ${Array.from({ length: 5 + Math.floor(random() * 120) }, () => pick(words) + pick(marks)).join('')}`
    const limit = 30 + Math.floor(random() * 200)
    const chunks = chunksFor(text, limit, 'en')
    const spoken = (from: string): string => from.replaceAll(/[^\p{L}\p{N}]/gu, '')
    expect(chunks.map(spoken).join('')).toBe(spoken(text))
    expect(chunks.every((chunk) => chunk.length <= limit && spoken(chunk) !== '')).toBe(true)
  }
})

test('chunks are about equally long', () => {
  const lengths = chunksFor('The old man looked up from his letter. '.repeat(30), 300, 'en').map(
    ({ length }) => length,
  )
  expect(Math.min(...lengths)).toBeGreaterThan(Math.max(...lengths) / 2)
})

test('an unspeakable text gives no chunk', () => {
  expect(chunksFor('…!? —', 3)).toEqual([])
})
