import { afterAll, expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { writeTinyFlow } from '../../../../test/fixtures/tiny-flow.ts'
import { temporaryFolder } from '../../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Speech, Utterance } from '../../speech-engine.ts'
import { openVieneu } from './vieneu-engine.ts'

const folder = await temporaryFolder()
const tiny = await writeTinyFlow(folder.path, 'vieneu')
const engine = openVieneu()
afterAll(async () => {
  await engine.close()
  await folder[Symbol.asyncDispose]()
})

function speak(model: VoiceModel, rest: Partial<Utterance> = {}): Promise<Speech> {
  const text = 'Cô mở cửa sổ, và nhìn xuống con đường.'
  return engine.speak({ text, voice: 'vieneu:tiny', speed: 1, seed: 'seed', model, ...rest })
}

speechEngineContract('vieneu', {
  open: () => Promise.resolve(openVieneu()),
  voice: 'vieneu:tiny',
  model: tiny,
  otherLanguage: { voice: 'vieneu:tiny', model: { ...tiny, language: 'vi-VN' } },
})

const vietnamese = { ...tiny, language: 'vi-VN' }

test('each syllable has its time, told to be estimated', async () => {
  const text = 'Cô mở cửa sổ, và nhìn xuống con đường.'
  const { words, wordsAreEstimated } = await speak(vietnamese, { text })
  expect(wordsAreEstimated).toBe(true)
  expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(
    'Cô mở cửa sổ và nhìn xuống con đường'.split(' '),
  )
})

test('another seed and another voice give other samples', async () => {
  const { samples } = await speak(vietnamese)
  expect((await speak(vietnamese)).samples).toEqual(samples)
  expect((await speak(vietnamese, { seed: 'other' })).samples).not.toEqual(samples)
  const higher = await writeTinyFlow(folder.path, 'vieneu', { height: 0.8, language: 'vi-VN' })
  expect(higher.checksum).toBe(tiny.checksum)
  expect((await speak(higher)).samples).not.toEqual(samples)
})

test.each([
  ['without a style', { config: undefined }, /needs its style/],
  ['whose style is gone', { config: '/no/such/file' }, /style cannot be read/],
  ['whose style is something else', { config: tiny.model }, /no JSON/],
  ['of another language', { language: 'fr-FR' }, /speak Vietnamese/],
  ['whose file has changed', { checksum: '0'.repeat(64) }, /not the one that was installed/],
])('a voice %s is refused with the reason', async (_, change, reason) => {
  await expect(speak({ ...tiny, ...change })).rejects.toThrow(reason)
})

test.each([
  ['takes other inputs', 'wrong inputs', /takes .*time.* instead of/],
  ['draws random numbers itself', 'random nodes', /random numbers of its own/],
  ['gives no numbers', 'not a number', /samples that are no numbers/],
] as const)('a model that %s is refused', async (_, fault, reason) => {
  const model = await writeTinyFlow(folder.path, 'vieneu', { fault, language: 'vi-VN' })
  await expect(speak(model)).rejects.toThrow(reason)
})
