import { expect, test } from 'vitest'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { findVoice, serverTitle } from './find-voice.ts'

const model: Voice = {
  id: 'piper:many',
  engine: 'piper',
  name: 'Many',
  language: 'en-US',
  neural: true,
  default: false,
  source: 'public',
  speakers: ['p225', 'p226'],
}

test('a number behind a voice’s id is one of its speakers', () => {
  expect(findVoice([model], 'piper:many:1')).toMatchObject({ id: 'piper:many:1', name: 'Many · p226' })
  expect(findVoice([model], 'piper:many')?.name).toBe('Many')
  for (const nobody of ['piper:many:2', 'piper:other:1', 'piper:other', null])
    expect(findVoice([model], nobody)).toBeUndefined()
})

test('a server’s title stands behind the name of its voice, whatever that holds', () => {
  const voice: Voice = { ...model, id: 'server:desk:af · x', name: 'af · x · Kokoro · desk', language: 'mul' }
  expect(serverTitle(voice)).toBe('Kokoro · desk')
  expect(serverTitle(model)).toBeUndefined()
})
