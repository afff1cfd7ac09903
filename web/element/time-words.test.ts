import { expect, test } from 'vitest'
import { ago, clock, durationWords, lengthWords, percentOf, spokenLength, timeLeft } from './time-words.ts'

test('a clock shows hours only when there are some', () => {
  expect(clock(0)).toBe('0:00')
  expect(clock(245.9)).toBe('4:05')
  expect(clock(3723)).toBe('1:02:03')
})

test('a length is told in the units that fit it', () => {
  expect(lengthWords(39.6)).toBe('40 s')
  expect(lengthWords(59.7)).toBe('1 min')
  expect(lengthWords(3599)).toBe('1 h')
  expect(lengthWords(11_100)).toBe('3 h 5 min')
})

test('a length for the ear has no abbreviations', () => {
  expect(spokenLength(125)).toBe('2 minutes 5 seconds')
  expect(spokenLength(3601)).toBe('1 hour 1 second')
  expect(spokenLength(0)).toBe('0 seconds')
})

test('time left is a guess and sounds like one', () => {
  expect(timeLeft(null)).toBe('Time left not known yet')
  expect(timeLeft(20)).toBe('Less than a minute left')
  expect(timeLeft(61)).toBe('About 1 minute left')
  expect(timeLeft(3500)).toBe('About 58 minutes left')
  expect(timeLeft(5000)).toBe('About 1 h 30 min left')
  expect(timeLeft(7200)).toBe('About 2 hours left')
  expect(timeLeft(45_000)).toBe('About 13 hours left')
})

test('a moment is told by its distance', () => {
  const now = Date.UTC(2026, 0, 10, 12)
  expect(ago(now - 20_000, now)).toBe('just now')
  expect(ago(now - 12 * 60_000, now)).toBe('12 minutes ago')
  expect(ago(now - 3 * 3_600_000, now)).toBe('3 hours ago')
  expect(ago(now - 26 * 3_600_000, now)).toBe('yesterday')
})

test('a hundred percent is never said too early', () => {
  expect(percentOf(999, 1000)).toBe(99)
  expect(percentOf(1000, 1000)).toBe(100)
  expect(percentOf(0, 0)).toBe(0)
})

test('a short while is told to the second while that matters', () => {
  expect([1, 59, 60, 65, 599, 600, 725].map(durationWords)).toEqual([
    '1 s',
    '59 s',
    '1 min',
    '1 min 5 s',
    '9 min 59 s',
    '10 min',
    '12 min',
  ])
})
