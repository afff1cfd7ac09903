import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { tinyConfig, writeTinyVoice } from '../../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Speech, Utterance } from '../../speech-engine.ts'
import { openPiper } from './piper-engine.ts'

const joeFile = fileURLToPath(
  new URL('../../../../../shared/voices/joe/en_US-joe-medium.onnx', import.meta.url),
)

const folder = await temporaryFolder()
const tiny = await writeTinyVoice(folder.path, 'tiny')
const german = await writeTinyVoice(folder.path, 'german', {}, { ...tinyConfig(), espeak: { voice: 'de' } })
const engine = await openPiper()
afterAll(async () => {
  await engine.close()
  await folder[Symbol.asyncDispose]()
})

function speak(model: VoiceModel, rest: Partial<Utterance> = {}): Promise<Speech> {
  const text = 'She opened the window.'
  return engine.speak({ text, voice: 'piper:tiny', speed: 1, seed: 'seed', model, ...rest })
}

speechEngineContract('piper', {
  open: openPiper,
  voice: 'piper:tiny',
  model: tiny,
  otherLanguage: { voice: 'piper:tiny', model: german },
})

test('another process gives the same samples, and another seed gives others', async () => {
  const { samples } = await speak(tiny)
  expect(await checksumInNewProcess(tiny)).toBe(checksumOf(new Uint8Array(samples.buffer)))
  expect((await speak(tiny, { seed: 'other' })).samples).not.toEqual(samples)
})

test('each speaker of a voice is selected by the number in the id', async () => {
  const model = await writeTinyVoice(folder.path, 'many', { speakers: 3 })
  const [first, plain, second, last] = await Promise.all(
    ['piper:many:0', 'piper:many', 'piper:many:1', 'piper:many:2'].map((voice) => speak(model, { voice })),
  )
  expect(plain!.samples).toEqual(first!.samples)
  expect(second!.samples).not.toEqual(first!.samples)
  expect(last!.samples).not.toEqual(second!.samples)
  for (const voice of ['piper:many:3', 'piper:many:-1', 'piper:many:one', 'piper:many:']) {
    await expect(speak(model, { voice })).rejects.toThrow(/numbered 0 to 2/)
  }
})

test('a model without durations speaks without word times', async () => {
  const model = await writeTinyVoice(folder.path, 'no-durations', { fault: 'no durations' })
  const { samples, words } = await speak(model)
  expect(samples.length).toBeGreaterThan(10_000)
  expect(words).toEqual([])
})

test('a voice trained on characters reads the text’s characters', async () => {
  const config = { ...tinyConfig(), phoneme_type: 'text', espeak: undefined }
  const model = await writeTinyVoice(folder.path, 'characters', {}, config)
  const text = 'Über 12 Äpfel, “so” – la!'
  const { words } = await speak(model, { text })
  expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(['Über', '12', 'Äpfel', 'so', 'la'])
})

test('a voice trained on pinyin reads Chinese', async () => {
  const written =
    '_^$Ø b p m f d t n l g k h j q x zh ch sh r z c s y w a o e ai ei ao ou an en ang eng ong i ia ie'
  const symbols = [...Array.from('_^$Ø'), ...written.split(' ').slice(1)]
  const rest = 'iao iu ian in iang ing iong u ua uo uai ui uan un uang v ve van vn er ue 1 2 3 4 5'.split(' ')
  const ids = Object.fromEntries([...symbols, ...rest].map((symbol, id) => [symbol, [id + 20]]))
  const config = {
    ...tinyConfig(),
    espeak: undefined,
    language: { code: 'zh_CN' },
    phoneme_type: 'pinyin',
    phoneme_id_map: { ...ids, '，': [10], ',': [10], '。': [11], '.': [11] },
  }
  const model = await writeTinyVoice(folder.path, 'pinyin', {}, config)
  expect(await engine.validateModel(model)).toMatchObject({ language: 'zh-CN', frontEnd: 'pinyin' })
  const text = '他慢慢地走了，“女儿”在这儿。'
  const { words } = await speak(model, { text })
  expect(words.map(({ start, end }) => text.slice(start, end)).join('')).toBe('他慢慢地走了女儿在这儿')
  const pronunciations = [{ start: 0, end: 1, phonemes: 'tˈeɪ' }]
  expect((await speak(model, { text, pronunciations })).samples).toEqual(
    (await speak(model, { text })).samples,
  )
})

test('a long text without punctuation is spoken in several chunks with continuous word times', async () => {
  const text = 'and on and on and on '.repeat(40).trim()
  const { words, samples, sampleRate } = await speak(tiny, { text })
  expect(words.at(-1)!.end).toBe(text.length)
  expect(words.at(-1)!.to).toBeGreaterThan(samples.length / sampleRate - 0.3)
})

test.each([
  ['that has no configuration', { config: undefined }, /configuration \(.onnx.json\) beside it/],
  ['whose configuration is gone', { config: '/no/such/file' }, /configuration \(.onnx.json\) cannot be read/],
  ['whose file has changed', { checksum: '0'.repeat(64) }, /not the one that was installed/],
  ['whose file is gone', { model: '/no/such/file' }, /no.such.file cannot be read/],
])('a voice %s is refused with the reason', async (_, change, reason) => {
  const other = await openPiper()
  const utterance = { text: 'She said.', voice: 'piper:tiny', speed: 1, seed: 'seed' }
  await expect(other.speak({ ...utterance, model: { ...tiny, ...change } })).rejects.toThrow(reason)
  await other.close()
})

describe.skipIf(!existsSync(joeFile))('Joe (needs ../shared/voices)', () => {
  const joe = {
    model: joeFile,
    config: `${joeFile}.json`,
    checksum: existsSync(joeFile) ? checksumOf(readFileSync(joeFile)) : '',
    language: 'en-US',
  }

  const german = join(folder.path, 'joe-german.onnx.json')
  beforeAll(() => {
    const config = JSON.parse(readFileSync(joe.config, 'utf8')) as object
    writeFileSync(german, JSON.stringify({ ...config, espeak: { voice: 'de' } }))
  })
  const voice = 'piper:en_US-joe-medium'
  speechEngineContract('piper', {
    open: openPiper,
    voice,
    model: joe,
    otherLanguage: { voice, model: { ...joe, config: german } },
  })

  test('another process gives the same samples', async () => {
    const { samples } = await speak(joe)
    expect(await checksumInNewProcess(joe)).toBe(checksumOf(new Uint8Array(samples.buffer)))
  })

  test('word times are consecutive and plausible', async () => {
    const { words } = await speak(joe)
    expect(words).toHaveLength(4)
    for (const { from, to } of words) {
      expect(to - from).toBeGreaterThan(0.04)
      expect(to - from).toBeLessThan(0.7)
    }
  })
})

/** The checksum of the samples that another process gives for the same utterance. */
async function checksumInNewProcess(model: VoiceModel): Promise<string> {
  const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)
  const utterance = { text: 'She opened the window.', voice: 'piper:tiny', speed: 1, seed: 'seed', model }
  const program = `
    import { createHash } from 'node:crypto'
    const { openPiper } = await import(${here('piper-engine.ts')})
    const engine = await openPiper()
    const { samples } = await engine.speak(${JSON.stringify(utterance)})
    console.log(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex'))
    await engine.close()`
  const options = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', program]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  return stdout.trim()
}

function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
