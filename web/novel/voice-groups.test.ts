import { expect, test } from 'vitest'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { naturalHere, voiceDetails, voiceGroups } from './voice-groups.ts'

const voice = (id: string, language: string, more: Partial<Voice> = {}): Voice => ({
  id,
  engine: id.split(':')[0] ?? '',
  name: id.split(':')[1] ?? '',
  language,
  neural: false,
  default: false,
  source: 'built-in',
  ...more,
})
const heart = voice('hibari:heart', 'en-US', { neural: true, default: true, gender: 'female' })
const joe = voice('piper:joe', 'en-US', { neural: true, gender: 'male' })
const voices = [
  voice('espeak:vi', 'vi'),
  voice('espeak:en-gb', 'en-GB'),
  joe,
  heart,
  voice('espeak:fr', 'fr'),
]

const ids = (search: string) =>
  voiceGroups(voices, 'en', search).flatMap((group) => group.voices.map(({ id }) => id))

test('the novel’s language comes first, neural voices before the others', () => {
  const groups = voiceGroups(voices, 'en-AU')
  expect(groups.map((group) => group.name)).toEqual(['English', 'French', 'Vietnamese'])
  expect(groups[0]?.voices.map(({ id }) => id)).toEqual(['hibari:heart', 'piper:joe', 'espeak:en-gb'])
})

test('a search looks at names, languages, engines and genders', () => {
  expect(ids('vietnam')).toEqual(['espeak:vi'])
  expect(ids('english piper')).toEqual(['piper:joe'])
  expect(ids('male')).toEqual(['piper:joe'])
  expect(ids('nobody')).toEqual([])
})

test('a voice is described in words', () => {
  expect(voiceDetails(heart)).toBe('Natural · American English · female')
})

test('a server’s voices stand under its name, after the novel’s own language', () => {
  const bella = voice('server:desk:bella', 'mul', {
    name: 'bella · Desk PC',
    neural: true,
    source: 'server',
  })
  const groups = voiceGroups([...voices, bella], 'en')
  expect(groups.map((group) => group.name)).toEqual(['English', 'Desk PC', 'French', 'Vietnamese'])
  expect(voiceDetails(bella)).toBe('Natural · any language that the server speaks')
})

test('the natural voice that is here for a language is its default, else the best of them', () => {
  expect(naturalHere(voices, 'en-GB')).toBe(heart)
  expect(naturalHere(voices, 'vi')).toBeUndefined()
  const low = voice('piper:low', 'vi', { neural: true, quality: 'x_low' })
  const medium = voice('piper:medium', 'vi', { neural: true, quality: 'medium' })
  expect(naturalHere([...voices, low, medium], 'vi')).toBe(medium)
})
