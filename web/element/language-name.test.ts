import { expect, test } from 'vitest'
import { hasLanguageName, languageName } from './language-name.ts'

test('languages have their names, and regions theirs', () => {
  expect(languageName('vi')).toBe('Vietnamese')
  expect(languageName('en-GB')).toBe('British English')
  expect(languageName('en-GB-x-rp')).toBe('British English')
  expect(languageName('en-029')).toBe('English')
  expect(languageName('')).toBe('Language unknown')
})

test('a tag that nobody knows does not stand for a word', () => {
  expect(languageName('xzz')).toBe('Language “xzz”')
  expect(languageName('not a tag')).toBe('Language “not a tag”')
  expect(hasLanguageName('xzz')).toBe(false)
  expect(hasLanguageName('vi')).toBe(true)
})
