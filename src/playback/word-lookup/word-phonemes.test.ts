import { expect, test } from 'vitest'
import { wordPhonemes } from './word-phonemes.ts'

const { signal } = new AbortController()

test('a word is said by the rules of its language', async () => {
  const { phonemes } = await wordPhonemes({ word: 'lamp', language: 'en' }, signal)
  expect(phonemes).toMatch(/l.*æ.*mp/)
})

test('a language that nobody knows has no phonemes, and a lookup that nobody waits for ends', async () => {
  expect(await wordPhonemes({ word: 'lamp', language: 'x-none' }, signal)).toEqual({ phonemes: '' })
  await expect(
    wordPhonemes({ word: 'lamp', language: 'en' }, AbortSignal.abort(new Error('gone'))),
  ).rejects.toThrow('gone')
})
