import { expect, test } from 'vitest'
import { chapterWords, heardWords, isSpeaking } from './status-words.ts'

const chapter = { segmentsDone: 0, segmentsTotal: 126, narrated: true } as const

test('what is being spoken does not stand in line', () => {
  expect(chapterWords({ ...chapter, status: 'pending' })).toBe('In line')
  expect(chapterWords({ ...chapter, status: 'pending' }, true)).toBe('Being spoken')
  expect(chapterWords({ ...chapter, status: 'pending', segmentsDone: 3 }, true)).toBe('3 of 126')
  expect(chapterWords({ ...chapter, status: 'running' })).toBe('Being spoken')
  expect(isSpeaking(new Map([[3, 'speaking']]))).toBe(true)
  expect(isSpeaking(new Map([[3, 'set-aside']]))).toBe(false)
})

test('what nobody asked for does not look begun, and what was stopped does', () => {
  expect(chapterWords({ ...chapter, status: 'none' })).toBe('Not spoken yet')
  expect(chapterWords({ ...chapter, status: 'none', segmentsDone: 1 })).toBe('Not spoken yet')
  expect(chapterWords({ ...chapter, status: 'cancelled', segmentsDone: 40 })).toBe('40 of 126, stopped')
  expect(chapterWords({ ...chapter, status: 'cancelled' })).toBe('Not spoken yet')
})

test('what was heard is told in percent, and as heard when all of it was', () => {
  expect(heardWords(0, 126)).toBe('')
  expect(heardWords(1, 126)).toBe('1 % heard')
  expect(heardWords(63, 126)).toBe('50 % heard')
  expect(heardWords(125, 126)).toBe('99 % heard')
  expect(heardWords(125, 126, true)).toBe('heard')
  expect(heardWords(0, 0)).toBe('')
})
