import { expect, test } from 'vitest'
import { isSceneBreak } from './text-breaks.ts'

test.each([
  '* * *',
  '***',
  '⁂',
  '#',
  '---',
  'oOo',
  'o0o',
  '-oOo-',
  '~o~O~o~',
  'x x x',
  'X X X',
  'xXx',
  'o o o',
  '- o O o -',
  '~x~x~x~',
])('%s is a scene break', (text) => {
  expect(isSceneBreak(text)).toBe(true)
})

test.each([
  '',
  '—',
  'XXX',
  'xxx',
  'Ooo',
  'OOO',
  '000',
  '0 0 0',
  'Oo',
  'o',
  'X',

  'No!',
  'XX. X',
  '10 x 10',
])('“%s” is text', (text) => {
  expect(isSceneBreak(text)).toBe(false)
})
