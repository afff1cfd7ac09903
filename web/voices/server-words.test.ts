import { expect, test } from 'vitest'
import { monthWords, serverWords } from './server-words.ts'

const now = Date.parse('2026-11-24T10:00:00Z')
const resting = {
  state: 'resting',
  title: 'Kokoro',
  message: 'Kokoro does not answer; next try in 40 s',
  nextTryAt: '2026-11-24T10:00:40.000Z',
} as const

test('the seconds until the next try are counted where they are shown', () => {
  expect(serverWords(resting, now)).toBe('Kokoro does not answer; next try in 40 s')
  expect(serverWords(resting, now + 39_500)).toBe('Kokoro does not answer; next try in 1 s')
  expect(serverWords({ ...resting, nextTryAt: '2026-11-24T10:05:00.000Z' }, now)).toBe(
    'Kokoro does not answer; next try in 5 min',
  )
})

test('after its rest a server that nobody needs is not said to be tried', () => {
  for (const message of [resting.message, 'Kokoro does not answer; it is being tried again'])
    expect(serverWords({ ...resting, message }, now + 60_000)).toBe(
      'Kokoro does not answer; it is tried again as soon as it is needed',
    )
})

test('a refusal is told in the server’s words', () => {
  const message = 'Kokoro refuses the key; enter another.'
  expect(serverWords({ ...resting, state: 'refused', message, nextTryAt: null }, now)).toBe(message)
  expect(serverWords({ ...resting, state: 'ok', message: null }, now)).toBe('Ready')
})

test('one character is told as one', () => {
  expect(monthWords({ charactersThisMonth: 1, charactersPerMonth: null })).toBe('1 character this month')
})

test('characters are told where they are counted for something, or were spoken', () => {
  expect(monthWords({ charactersThisMonth: 0, charactersPerMonth: null })).toBeUndefined()
  expect(monthWords({ charactersThisMonth: 1200, charactersPerMonth: null })).toBe(
    '1,200 characters this month',
  )
  expect(monthWords({ charactersThisMonth: 0, charactersPerMonth: 500_000 })).toBe(
    '0 of 500,000 characters this month',
  )
})
