import { expect, test } from 'vitest'
import { bestVoice, engineOf, type Voice } from './voice.ts'

const heart: Voice = { id: 'hibari:heart', engine: 'hibari', name: 'Heart', language: 'en-US', neural: true }
const formant = (language: string): Voice => ({
  id: `espeak:${language}`,
  engine: 'espeak',
  name: language,
  language,
  neural: false,
})
const voices = [formant('en-GB'), formant('vi'), formant('fr-BE'), formant('fr'), heart]

test('English is spoken by the neural voice, whatever its region', () => {
  expect(bestVoice(voices, 'en')?.id).toBe('hibari:heart')
  expect(bestVoice(voices, 'en-GB')?.id).toBe('hibari:heart')
})

test('another language gets its own voice, the plain one before a region', () => {
  expect(bestVoice(voices, 'vi-VN')?.id).toBe('espeak:vi')
  expect(bestVoice(voices, 'fr')?.id).toBe('espeak:fr')
  expect(bestVoice(voices, 'fr-BE')?.id).toBe('espeak:fr-BE')
})

test('a language without a voice gives none', () => {
  expect(bestVoice(voices, 'tlh')).toBeUndefined()
})

test('a voice id names its engine', () => {
  expect(engineOf('hibari:heart')).toBe('hibari')
  expect(() => engineOf('heart')).toThrow('There is no voice heart')
})

test('a Norwegian novel is read by a Norwegian voice, whichever of the two tags each has', () => {
  expect(bestVoice([formant('no')], 'nb')?.id).toBe('espeak:no')
  expect(bestVoice([formant('nb')], 'no-NO')?.id).toBe('espeak:nb')
  expect(bestVoice([formant('nn')], 'nb')).toBeUndefined()
})
