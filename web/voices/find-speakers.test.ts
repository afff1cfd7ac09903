import { expect, test } from 'vitest'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { findSpeakers } from './find-speakers.ts'

const voice: Voice = {
  id: 'piper:many',
  engine: 'piper',
  name: 'Many',
  language: 'en-US',
  neural: true,
  default: false,
  source: 'public',
  speakers: ['3922', '12', 'Ann', 'Anton'],
}
const idsOf = (search: string) => findSpeakers(voice, search).map(({ id }) => id)

test('speakers are found by a part of their names', () => {
  expect(idsOf('an')).toEqual(['piper:many:2', 'piper:many:3'])
  expect(idsOf('')).toHaveLength(4)
  expect(idsOf('nobody')).toEqual([])
})

test('speakers are found by their numbers, before those who are only called so', () => {
  expect(idsOf('2')).toEqual(['piper:many:2', 'piper:many:0', 'piper:many:1'])
})
