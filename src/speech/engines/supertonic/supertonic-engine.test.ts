import { afterAll, expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { writeTinyFlow } from '../../../../test/fixtures/tiny-flow.ts'
import { temporaryFolder } from '../../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Speech, Utterance } from '../../speech-engine.ts'
import { openSupertonic } from './supertonic-engine.ts'

const folder = await temporaryFolder()
const tiny = await writeTinyFlow(folder.path, 'supertonic')
const engine = openSupertonic()
afterAll(async () => {
  await engine.close()
  await folder[Symbol.asyncDispose]()
})

function speak(model: VoiceModel, rest: Partial<Utterance> = {}): Promise<Speech> {
  const text = 'Cô mở cửa sổ, và nhìn xuống con đường.'
  return engine.speak({ text, voice: 'supertonic:tiny', speed: 1, seed: 'seed', model, ...rest })
}

speechEngineContract('supertonic', {
  open: () => Promise.resolve(openSupertonic()),
  voice: 'supertonic:tiny',
  model: tiny,
  otherLanguage: { voice: 'supertonic:tiny', model: { ...tiny, language: 'vi-VN' } },
  readsLetters: true,
})

const vietnamese = { ...tiny, language: 'vi-VN' }

test('another seed and another voice give other samples', async () => {
  const { samples, sampleRate, wordsAreEstimated } = await speak(vietnamese)
  expect({ sampleRate, wordsAreEstimated }).toEqual({ sampleRate: 44_100, wordsAreEstimated: true })
  expect((await speak(vietnamese)).samples).toEqual(samples)
  expect((await speak(vietnamese, { seed: 'other' })).samples).not.toEqual(samples)
  const higher = await writeTinyFlow(folder.path, 'supertonic', { height: 0.8, language: 'vi-VN' })
  expect((await speak(higher)).samples).not.toEqual(samples)
})

test('a text without a letter that the model knows is refused', async () => {
  await expect(speak(tiny, { text: 'Привет' })).rejects.toThrow(/nothing in this text/)
})

test.each([
  ['without a style', { config: undefined }, /needs its style/],
  ['whose style is something else', { config: tiny.model }, /no JSON/],
  ['whose file has changed', { checksum: '0'.repeat(64) }, /not the one that was installed/],
])('a voice %s is refused with the reason', async (_, change, reason) => {
  await expect(speak({ ...tiny, ...change })).rejects.toThrow(reason)
})

test.each([
  ['takes other inputs', 'wrong inputs', /takes .*step_number.* instead of/],
  ['draws random numbers itself', 'random nodes', /random numbers of its own/],
] as const)('a model that %s is refused', async (_, fault, reason) => {
  const model = await writeTinyFlow(folder.path, 'supertonic', { fault })
  await expect(speak(model)).rejects.toThrow(reason)
})
