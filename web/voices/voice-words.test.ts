import { expect, test } from 'vitest'
import { describedVoice } from './voice-words.ts'

test('a voice is described as far as it is known', () => {
  expect(
    describedVoice({
      language: 'en-US',
      gender: 'male',
      quality: 'x_low',
      speakers: 904,
      bytes: 63_201_294,
      licence: 'CC0',
      source: 'public',
    }),
  ).toBe('American English · male · very low quality · 904 speakers · 63 MB · CC0 · installed')
  expect(describedVoice({ language: 'zzz' })).toBe('')
})

test('a licence that is an address, or nobody knows, is told shortly', () => {
  const licences = ['See https://example.org/a', 'https://example.org/b', 'Unknown', 'MIT']
  expect(licences.map((licence) => describedVoice({ language: 'zzz', licence }))).toEqual([
    'licence on its card',
    'licence on its card',
    'licence unknown',
    'MIT',
  ])
})
