import { expect, test } from 'vitest'
import { randomFrom } from '../../../../test/fixtures/speech-like.ts'
import { chunksFor } from './speech-server-chunks.ts'

test('a text that fits stays whole', () => {
  expect(chunksFor(' She opened the window. ', 40)).toEqual(['She opened the window.'])
})

test('sentences part first', () => {
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

test('words that are longer than the limit part between characters, never inside one', () => {
  const family = '👨‍👩‍👧'
  const text = `a${family}b𝒳c${'é'.normalize('NFD')}d`.repeat(6)
  for (let limit = 2; limit < 40; limit++) {
    const pieces = chunksFor(text, limit)
    for (const piece of pieces) {
      expect(piece.isWellFormed()).toBe(true)
      expect(piece.length).toBeLessThanOrEqual(limit)
    }
    if (limit > 20) {
      expect(pieces.join('')).toBe(text)
      expect(pieces.every((piece) => !/^\p{M}|^\u200d/u.test(piece))).toBe(true)
    }
  }
})

test('no piece is too long, none has nothing to say, and nothing is lost', () => {
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
    const pieces = chunksFor(text, limit, 'en')
    const spoken = (from: string): string => from.replaceAll(/[^\p{L}\p{N}]/gu, '')
    expect(pieces.map(spoken).join('')).toBe(spoken(text))
    expect(pieces.every((piece) => piece.length <= limit && spoken(piece) !== '')).toBe(true)
  }
})

test('pieces are about as long as each other', () => {
  const lengths = chunksFor('The old man looked up from his letter. '.repeat(30), 300, 'en').map(
    ({ length }) => length,
  )
  expect(Math.min(...lengths)).toBeGreaterThan(Math.max(...lengths) / 2)
})

test('a text with nothing to say gives no piece', () => {
  expect(chunksFor('…!? —', 3)).toEqual([])
})
