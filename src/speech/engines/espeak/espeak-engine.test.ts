import { expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { bestVoice } from '../../../novel/voice.ts'
import { openEspeakEngine } from './espeak-engine.ts'

speechEngineContract('espeak', {
  open: openEspeakEngine,
  voice: 'espeak:en-us',
  otherLanguage: { voice: 'espeak:en-gb' },
})

test.each([
  ['zh', 'espeak:cmn'],
  ['zh-Hant', 'espeak:cmn'],
  ['vi', 'espeak:vi'],
  ['fr', 'espeak:fr-fr'],
  ['en', 'espeak:en-us'],
  ['en-GB', 'espeak:en-gb'],
  ['pt-BR', 'espeak:pt-br'],
  ['pt', 'espeak:pt'],
  ['yue', 'espeak:yue'],
  ['de-AT', 'espeak:de'],
])('a novel in %s is read by %s', async (language, id) => {
  const engine = await openEspeakEngine()
  expect(bestVoice(engine.voices, language)?.id).toBe(id)
  await engine.close()
})

test.each([
  ['espeak:cmn', '他走了。你好，世界！', 6],
  ['espeak:vi', 'Anh ấy đã đi rồi.', 5],
  ['espeak:de', 'Als Gregor Samsa „aufwachte“, fand er sich.', 7],
  ['espeak:fr-fr', 'L’homme qu’il a vu aujourd’hui, c’est-à-dire 1999.', 7],
])('%s reports each word of %s', async (voice, text, count) => {
  const engine = await openEspeakEngine()
  const { words, samples } = await engine.speak({ text, voice, speed: 1, seed: '' })
  expect(words).toHaveLength(count)
  expect(words.every(({ from, to }) => to > from)).toBe(true)
  expect(words.at(-1)!.to).toBeLessThanOrEqual(samples.length / 22_050)
  await engine.close()
})

test('every voice can be loaded', async () => {
  const engine = await openEspeakEngine()
  const silent: string[] = []
  for (const { id } of engine.voices) {
    const { samples } = await engine.speak({ text: 'Ma 1', voice: id, speed: 2, seed: '' })
    if (samples.length === 0) silent.push(id)
  }
  expect(silent).toEqual([])
  await engine.close()
})
