import { expect, test } from 'vitest'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { hereGroups, plainVoices } from './here-groups.ts'

const voice = (id: string, language: string, more: Partial<Voice> = {}): Voice => ({
  id,
  engine: 'piper',
  name: id,
  language,
  neural: true,
  default: false,
  source: 'public',
  ...more,
})
const plain = (language: string, more: Partial<Voice> = {}) =>
  voice(`espeak:${language}`, language, { neural: false, default: true, source: 'built-in', ...more })

const voices = [
  plain('af'),
  plain('vi'),
  plain('vi-x-hue', { default: false }),
  plain('en-GB', { default: false }),
  voice('joe', 'en-US'),
  voice('thorsten', 'de-DE'),
  voice('siwis', 'fr-FR'),
  voice('server:desk:bella', 'mul', { source: 'server' }),
]

test('the shelf’s languages come first, with their natural voices, or the plain one that reads them', () => {
  const groups = hereGroups(voices, { order: ['vi', 'en'], shelf: new Set(['vi', 'en']) })
  expect(groups.map(({ language, voices: members }) => [language, members.map(({ id }) => id)])).toEqual([
    ['vi', ['espeak:vi']],
    ['en', ['joe']],
    ['fr', ['siwis']],
    ['de', ['thorsten']],
  ])
  expect(groups[0]).toMatchObject({ natural: false })
})

test('plain voices are found by their languages', () => {
  expect(plainVoices(voices, 'vietnam').map(({ id }) => id)).toEqual(['espeak:vi', 'espeak:vi-x-hue'])
  expect(plainVoices(voices, '')).toHaveLength(4)
})
