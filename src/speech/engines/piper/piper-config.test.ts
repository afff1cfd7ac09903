import { expect, test } from 'vitest'
import { tinyConfig } from '../../../../test/fixtures/tiny-voice.ts'
import { parsePiperConfig } from './piper-config.ts'

const voices = [
  ['en-us', 'en-US', ['en']],
  ['pt-br', 'pt-BR', ['pt']],
  ['cmn', 'zh', ['zh-cmn', 'zh']],
].map(([code, language, aliases]) => ({
  code: code as string,
  identifier: code as string,
  name: code as string,
  language: language as string,
  aliases: aliases as string[],
}))
const usual = tinyConfig()

function parsed(changes: object = {}) {
  return parsePiperConfig(JSON.stringify({ ...usual, ...changes }), voices)
}

test('a configuration gives rate, language, phonemes, scales and speakers', () => {
  expect(parsed()).toMatchObject({
    sampleRate: 22_050,
    language: 'en-US',
    phonemes: { espeak: 'en-us' },
    noiseScale: 0.667,
    lengthScale: 1,
    noiseW: 0.8,
    speakers: 1,
    speakerNames: [],
  })
})

test('values missing in older configurations default as in Piper', () => {
  const { audio, phoneme_id_map } = usual
  const old = parsed({ language: undefined, inference: undefined, phoneme_type: undefined, num_speakers: 0 })
  expect(old).toMatchObject({
    language: 'en-US',
    noiseScale: 0.667,
    phonemes: { espeak: 'en-us' },
    speakers: 1,
  })
  const least = JSON.stringify({ audio, phoneme_id_map, phoneme_type: 'text' })
  expect(parsePiperConfig(least, voices)).toMatchObject({ language: 'und', phonemes: 'characters' })
})

test('eSpeak’s voices are found by all their names', () => {
  for (const [name, code] of [
    ['en', 'en-us'],
    ['EN_US', 'en-us'],
    ['zh', 'cmn'],
    ['zh-cmn', 'cmn'],
    ['pt-br', 'pt-br'],
  ]) {
    expect(parsed({ espeak: { voice: name } }).phonemes).toEqual({ espeak: code })
  }
})

test('Brazilian Portuguese uses Piper’s own map, unless the voice has another', () => {
  const brazilian = { espeak: { voice: 'pt-br' } }
  expect(parsed(brazilian).phonemeMap.get('c')).toEqual(['k'])
  expect(parsed({ ...brazilian, phoneme_map: { c: ['s'] } }).phonemeMap.get('c')).toEqual(['s'])
  expect(parsed().phonemeMap.size).toBe(0)
})

test('speakers without a name are named by their number', () => {
  expect(parsed({ num_speakers: 3, speaker_id_map: { Ann: 2 } }).speakerNames).toEqual(['0', '1', 'Ann'])
})

test.each([
  ['"{"', '{', /is not JSON/],
  ['a page', '<!doctype html>', /is not JSON/],
  ['a list', '[]', /not one of Piper’s/],
])('%s is refused as a configuration', (_, text, reason) => {
  expect(() => parsePiperConfig(text, voices)).toThrow(reason)
})

test.each([
  ['a rate that is a text', { audio: { sample_rate: '22050' } }, /"audio.sample_rate"/],
  ['a rate that no ear hears', { audio: { sample_rate: 1e9 } }, /"audio.sample_rate"/],
  ['no ids', { phoneme_id_map: undefined }, /"phoneme_id_map"/],
  ['ids that are texts', { phoneme_id_map: { _: ['0'] } }, /"phoneme_id_map/],
  ['ids below 0', { phoneme_id_map: { _: [-1] } }, /"phoneme_id_map/],
  ['no end', { phoneme_id_map: { _: [0], '^': [1] } }, /no id for "\$"/],
  ['a length of nothing', { inference: { length_scale: 0 } }, /"inference.length_scale"/],
  ['more speakers than people', { num_speakers: 1e9 }, /"num_speakers"/],
  ['another front end', { phoneme_type: 'hebrew' }, /taught on "hebrew" phonemes/],
  ['an eSpeak voice that is not there', { espeak: { voice: 'xx-none' } }, /eSpeak’s "xx-none"/],
])('a configuration with %s is refused', (_, changes, reason) => {
  expect(() => parsed(changes)).toThrow(reason)
})
