import { expect, test } from 'vitest'
import { snippetOf } from './snippet.ts'

const shown = (text: string, word: string) => {
  const start = text.indexOf(word)
  const snippet = snippetOf(text, { start, end: start + word.length })
  expect(snippet.text.slice(snippet.start, snippet.end)).toBe(word)
  return snippet.text
}

test('a short block is shown whole, its lines joined', () => {
  expect(shown('The lamp\nwas lit.', 'was')).toBe('The lamp was lit.')
})

test('of a long one whole words stand around the hit', () => {
  const text = `${'before '.repeat(40)}lamp ${'behind '.repeat(40)}`.trim()
  expect(shown(text, 'lamp')).toMatch(/^…(?:before ){1,8}lamp (?:behind ?){10,17}…$/)
})

test('without spaces it is cut between characters, never within one', () => {
  for (let shift = 0; shift < 2; shift++) {
    const text = `${'x'.repeat(shift)}${'𠀀'.repeat(100)}灯${'𠀀'.repeat(100)}`
    expect(shown(text, '灯').isWellFormed()).toBe(true)
  }
})

test('a hit longer than the piece is shown whole', () => {
  const long = 'x'.repeat(300)
  expect(shown(`a ${long} b ${'c'.repeat(200)}`, long)).toContain(long)
})
