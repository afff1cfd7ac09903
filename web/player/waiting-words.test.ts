import { expect, test } from 'vitest'
import { waitingWords } from './waiting-words.ts'

test('what the server refused is told in its own words, until the rest is on its way', () => {
  const refused = 'The disk is full.'
  expect(waitingWords('none', true, refused)).toEqual({ words: refused, ask: true })
  expect(waitingWords(undefined, true, refused)).toEqual({ words: refused, ask: true })
  expect(waitingWords('running', true, refused).ask).toBe(false)
  expect(waitingWords('none', false, refused).ask).toBe(false)
})
