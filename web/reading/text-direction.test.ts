import { expect, test } from 'vitest'
import { directionOf, directionOfText } from './text-direction.ts'

test('a language’s direction is that of its script', () => {
  expect(['ar', 'he-IL', 'fa', 'ur', 'uz-Arab', 'yi'].map(directionOf)).toEqual(Array(6).fill('rtl'))
  expect(['en', 'zh', 'vi', 'az-Latn', 'ku-Latn', 'und'].map(directionOf)).toEqual(Array(6).fill('ltr'))
})

test('a paragraph’s direction is that of most of its letters', () => {
  expect(directionOfText('NASA قالت إن المركبة وصلت', 'ltr')).toBe('rtl')
  expect(directionOfText('He said שלום and left the room.', 'rtl')).toBe('ltr')
  expect(directionOfText('1984', 'rtl')).toBe('rtl')
  expect(directionOfText('* * *', 'ltr')).toBe('ltr')
})
