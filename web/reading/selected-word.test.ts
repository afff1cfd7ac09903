import { expect, test } from 'vitest'
import { bareWord } from './selected-word.ts'

test('a word is looked up without the marks around it; a sentence, or none, is not', () => {
  expect(bareWord(' “Don’t!” ')).toBe('Don’t')
  expect(bareWord('the\n river,')).toBe('the river')
  expect(bareWord('他走了。')).toBe('他走了')
  expect(bareWord('* * *')).toBeUndefined()
  expect(bareWord('1984')).toBeUndefined()
  expect(bareWord('word '.repeat(30))).toBeUndefined()
})
