import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { publishedParts } from '../../novel/bundled-models.ts'
import { isBundled } from '../../novel/model-parts.ts'
import { namedVoice, weightsToFetch, withWeights } from '../../novel/kokoro-voices.ts'
import { licenceOf } from './voice-card.ts'
import { catalogueVoice, readCatalogue } from './voice-catalogue-table.ts'

const shared = new URL('../../../../shared/voices/', import.meta.url)

test('the catalogue has the other Hibari voices and the public Piper voices', async () => {
  const voices = await readCatalogue()
  expect(voices.filter(({ family }) => family === 'hibari').map(({ name }) => name)).toEqual([
    'Emma',
    'Fable',
    'Fenrir',
    'Kore',
  ])
  expect(voices.filter(({ family }) => family === 'piper')).toHaveLength(163)
  expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length)
})

test('every voice has valid names, languages, files and checksums', async () => {
  for (const voice of await readCatalogue()) {
    const { id, family, language, languageName, nativeName, name, files } = voice
    expect(Intl.getCanonicalLocales(language), id).toEqual([language])
    expect(
      [languageName, nativeName, name].every((word) => word !== '' && word === word.trim()),
      id,
    ).toBe(true)
    const models = isBundled(family) ? publishedParts[family].map(() => 'model') : ['model']
    const roles = files.map(({ role }) => role)
    expect(roles, id).toEqual(family === 'hibari' ? ['card', 'model'] : ['card', 'config', ...models])
    for (const { role, path, checksum } of files) {
      const elsewhere = family === 'vieneu' && role === 'config'
      expect(path, id).toMatch(
        elsewhere
          ? /^https:\/\/raw\.githubusercontent\.com(\/[^/\s]+)+$/
          : /^[^/\s]+\/[^/\s]+\/resolve\/[^/\s]+(\/[^/\s]+)+$/,
      )
      if (role !== 'card') expect(checksum?.hex, id).toMatch(/^([\da-f]{32}|[\da-f]{64})$/)
    }
    const sizes = files.flatMap(({ role, bytes = 0 }) => (role === 'model' ? [bytes] : []))
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0), id).toBe(voice.bytes)
  }
})

test('the catalogue has the voices of Kokoro whose languages have phonemes; they share a model', async () => {
  const kokoro = (await readCatalogue()).filter(({ family }) => family === 'kokoro')
  const count = (tag: string) => kokoro.filter(({ language }) => language === tag).length
  expect(['en-US', 'en-GB', 'es', 'fr-FR', 'hi', 'it', 'ja', 'pt-BR'].map(count)).toEqual([20, 8, 3, 1, 4, 2, 5, 3])
  expect(new Set(kokoro.map(({ files }) => files.find(({ role }) => role === 'model')?.path)).size).toBe(1)
  for (const { id, files, language, name, gender } of kokoro) {
    const stem = id.slice('kokoro:'.length)
    expect(namedVoice(stem)).toEqual({ name, family: 'kokoro', language, gender })
    const config = files.find(({ role }) => role === 'config')
    expect(config?.path).toMatch(new RegExp(`^onnx-community/Kokoro-82M-v1.0-ONNX/resolve/[\\da-f]{40}/voices/${stem}.bin$`))
    const large = withWeights(kokoro.find((one) => one.id === id)!, 'fp32')
    expect(large.bytes).toBe(325_532_232)
    expect(large.files.at(-1)?.path).toMatch(/\/onnx\/model.onnx$/)
  }
})

test('the catalogue has the Vietnamese voices of VieNeu and KorvaTTS, each with all files of its model', async () => {
  const voices = await readCatalogue()
  for (const [family, count, bytes] of [
    ['vieneu', 11, 281_756_486],
    ['supertonic', 10, 397_664_559],
  ] as const) {
    const found = voices.filter((voice) => voice.family === family)
    expect(found).toHaveLength(count)
    expect(new Set(found.map((voice) => voice.bytes))).toEqual(new Set([bytes]))
    for (const { files, gender, language, licence } of found) {
      expect({ language, licence }).toEqual({ language: 'vi-VN', licence: 'Apache-2.0' })
      expect(gender).toBeDefined()
      const names = files.filter(({ role }) => role === 'model').map(({ path }) => path.split('/').at(-1))
      expect(names).toEqual(publishedParts[family].map(({ name }) => name))
      // The small ones first: a faulty source shows early.
      expect(names.at(-1)).toBe('vector_estimator.onnx')
    }
  }
  expect(catalogueVoice(voices, 'vieneu:my-duyen')).toMatchObject({ name: 'Mỹ Duyên', gender: 'female' })
  const korva = catalogueVoice(voices, 'supertonic:khanh_vy')
  expect(korva.files[1]?.path).toMatch(/\/voice_styles\/khanh_vy\.json$/)
})

test('the catalogue has the voices of Kokoro’s Chinese model, which they share, in single precision', async () => {
  const voices = (await readCatalogue()).filter(({ family }) => family === 'kokoro-zh')
  expect(voices).toHaveLength(100)
  expect(new Set(voices.map(({ files }) => files.find(({ role }) => role === 'model')?.path)).size).toBe(1)
  for (const voice of voices) {
    const { id, files, gender, language, name } = voice
    const stem = id.slice('kokoro-zh:'.length)
    expect(namedVoice(stem)).toEqual({ name, family: 'kokoro-zh', language: 'zh', gender })
    expect(language).toBe('zh-CN')
    const config = files.find(({ role }) => role === 'config')
    expect(config?.path.endsWith(`/voices/${stem}.bin`)).toBe(true)
    expect(withWeights(voice, weightsToFetch('kokoro-zh', 'int8'))).toBe(voice)
  }
})

test('a voice is found by its id, and an unknown id throws', async () => {
  const voices = await readCatalogue()
  const joe = catalogueVoice(voices, 'piper:en_US-joe-medium')
  expect(joe).toMatchObject({
    name: 'Joe',
    language: 'en-US',
    quality: 'medium',
    speakers: 1,
    licence: 'CC0',
  })
  expect(joe.files.map(({ path }) => path.slice('rhasspy/piper-voices/resolve/v1.0.0/'.length))).toEqual([
    'en/en_US/joe/medium/MODEL_CARD',
    'en/en_US/joe/medium/en_US-joe-medium.onnx.json',
    'en/en_US/joe/medium/en_US-joe-medium.onnx',
  ])
  expect(catalogueVoice(voices, 'piper:en_US-libritts_r-medium')).toMatchObject({
    name: 'LibriTTS R',
    speakers: 904,
  })
  expect(catalogueVoice(voices, 'hibari:kore')).toMatchObject({
    family: 'hibari',
    language: 'en-US',
    gender: 'female',
    licence: 'Apache-2.0',
    bytes: 7_936_868,
  })
  expect(() => catalogueVoice(voices, 'piper:nobody')).toThrow(
    'There is no voice piper:nobody in the catalogue. Search it for the voices that there are.',
  )
})

test.skipIf(!existsSync(shared))(
  'the catalogue agrees with the public list and Joe’s card (needs ../shared)',
  async () => {
    const voices = new Map((await readCatalogue()).map((voice) => [voice.id, voice]))
    const listed = readFileSync(new URL('piper-voices.tsv', shared), 'utf8').trimEnd().split('\n').slice(1)
    let compared = 0
    for (const line of listed) {
      const [key, , english, , , quality, speakers, path, bytes, md5, configMd5] = line.split('\t')
      const voice = voices.get(`piper:${key}`)
      if (!voice) continue
      compared++
      expect(voice).toMatchObject({
        languageName: english,
        quality,
        speakers: Number(speakers),
        bytes: Number(bytes),
      })
      const [, config, model] = voice.files
      expect(model?.path.endsWith(`/${path}`), key).toBe(true)
      expect([model?.checksum?.hex, config?.checksum?.hex], key).toEqual([md5, configMd5])
    }
    expect(compared).toBe(listed.length)
    const card = readFileSync(new URL('joe/MODEL_CARD', shared), 'utf8')
    expect(voices.get('piper:en_US-joe-medium')?.licence).toBe(licenceOf(card))
  },
)
