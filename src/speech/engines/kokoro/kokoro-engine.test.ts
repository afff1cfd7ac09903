import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { tinyStyles, writeTinyKokoro } from '../../../../test/fixtures/tiny-kokoro.ts'
import { temporaryFolder } from '../../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../../novel/installed-voice.ts'
import type { Speech, Utterance } from '../../speech-engine.ts'
import { openChineseKokoro, openKokoro } from './kokoro-engine.ts'

const symbols = fileURLToPath(new URL('../../../../voices/heart/kokoro-symbols.json', import.meta.url))

const folder = await temporaryFolder()
const tiny = await writeTinyKokoro(folder.path, 'tiny', { noisy: true })
const engine = await openKokoro(symbols)
afterAll(async () => {
  await engine.close()
  await folder[Symbol.asyncDispose]()
})

function speak(model: VoiceModel, rest: Partial<Utterance> = {}): Promise<Speech> {
  const text = 'She opened the window.'
  return engine.speak({ text, voice: 'kokoro:tiny', speed: 1, seed: 'seed', model, ...rest })
}

speechEngineContract('kokoro', {
  open: () => openKokoro(symbols),
  voice: 'kokoro:tiny',
  model: tiny,
  otherLanguage: { voice: 'kokoro:tiny', model: { ...tiny, language: 'fr-FR' } },
})

// English words stand in Chinese books too, and are said in English.
speechEngineContract('kokoro-zh', {
  open: () => openChineseKokoro(),
  voice: 'kokoro-zh:tiny',
  model: { ...tiny, language: 'zh-CN' },
  otherLanguage: { voice: 'kokoro-zh:tiny', model: { ...tiny, language: 'en-GB' } },
})

test('another process gives the same samples, and another seed gives others', async () => {
  const { samples } = await speak(tiny)
  expect(await checksumInNewProcess(tiny)).toBe(checksumOf(samples))
  expect((await speak(tiny, { seed: 'other' })).samples).not.toEqual(samples)
})

test('another table of styles is another voice of the same network', async () => {
  const config = join(folder.path, 'other.bin')
  await writeFile(config, tinyStyles(0.7))
  const { samples } = await speak(tiny)
  expect((await speak({ ...tiny, config })).samples).not.toEqual(samples)
})

test('words are heard a little before their durations, and end before a pause', async () => {
  const text = 'One, two.'
  const { words } = await speak(tiny, { text })
  // The tiny voice: 9 units of 25 ms for each end, 3 for a symbol, 4 for a mark or blank; 75 ms are its lead.
  const [one, two] = words
  expect(one!.from).toBeCloseTo(9 * 0.025 - 0.075, 3)
  expect(two!.from).toBeGreaterThan(one!.to + 0.19)
})

test.each([
  ['without a table of styles', { config: undefined }, /table of styles \(.bin\)/],
  ['whose table is gone', { config: '/no/such/file' }, /table of styles cannot be read/],
  ['whose table is something else', { config: symbols }, /no table of styles/],
  ['of a language without phonemes', { language: 'ko-KR' }, /phonemes that Nightjar cannot make/],
  ['whose file has changed', { checksum: '0'.repeat(64) }, /not the one that was installed/],
])('a voice %s is refused with the reason', async (_, change, reason) => {
  await expect(speak({ ...tiny, ...change })).rejects.toThrow(reason)
})

const chinese = await openChineseKokoro()
afterAll(() => chinese.close())

test.each([
  ['ja', engine, '二十日の朝、彼は一人で、Pythonを。', '二十日 の 朝 彼 は 一人 で Python を'],
  ['zh', engine, '他说：Python。', '他 说 Python'],
  ['zh-CN', chinese, '“你好”，他用Python。', '你好 他用 Python'],
])('%s is spoken with the times of its words', async (language, spoken, text, expected) => {
  const model = { ...tiny, language }
  const { words } = await spoken.speak({ text, voice: `${spoken.name}:tiny`, speed: 1, seed: 'seed', model })
  expect(words.map(({ start, end }) => text.slice(start, end)).join(' ')).toBe(expected)
  for (const [index, { from, to }] of words.entries()) {
    expect(from).toBeGreaterThanOrEqual(words[index - 1]?.to ?? 0)
    expect(to).toBeGreaterThan(from)
  }
})

test('a word is spoken as the lexicon has it: other pinyin, other kana', async () => {
  const said = async (spoken: typeof engine, language: string, text: string, phonemes?: string) => {
    const pronunciations = phonemes === undefined ? [] : [{ start: 0, end: 2, phonemes }]
    const model = { ...tiny, language }
    const voice = `${spoken.name}:tiny`
    return (await spoken.speak({ text, pronunciations, voice, speed: 1, seed: 'seed', model })).samples
  }
  const plain = await said(chinese, 'zh-CN', '重庆。')
  expect(await said(chinese, 'zh-CN', '重庆。', 'chonɡ2 qinɡ4')).toEqual(plain)
  expect(await said(chinese, 'zh-CN', '重庆。', 'zhonɡ4 qinɡ4')).not.toEqual(plain)
  const kana = await said(engine, 'ja', '山道。')
  expect(await said(engine, 'ja', '山道。', 'さんどう')).not.toEqual(kana)
})

test('no front end is loaded by a voice that does not need it', async () => {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    const { openEngines } = await import(${JSON.stringify(new URL('../../worker/engine-registry.ts', import.meta.url).href)})
    const engines = await openEngines()
    const speak = (name, language, text) => engines.find((one) => one.name === name).speak(
      { text, voice: name + ':tiny', speed: 1, seed: 'seed', model: { ...${JSON.stringify(tiny)}, language } })
    const ends = () => ['pinyin-pro/dist', 'lindera_wasm'].map((part) => loaded.some((url) => url.includes(part)))
    await speak('kokoro', 'en-US', 'One, two.')
    const english = ends()
    await speak('kokoro-zh', 'zh-CN', '你好。')
    const chinese = ends()
    await speak('kokoro', 'ja', '朝。')
    console.log(JSON.stringify([english, chinese, ends()]))
    for (const engine of engines) await engine.close()`
  expect(JSON.parse(await outputOfProgram(program))).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ])
})

/** The checksum of the samples that another process gives for the same utterance. */
async function checksumInNewProcess(model: VoiceModel): Promise<string> {
  const utterance = { text: 'She opened the window.', voice: 'kokoro:tiny', speed: 1, seed: 'seed', model }
  const program = `
    import { createHash } from 'node:crypto'
    const { openKokoro } = await import(${JSON.stringify(new URL('kokoro-engine.ts', import.meta.url).href)})
    const engine = await openKokoro(${JSON.stringify(symbols)})
    const { samples } = await engine.speak(${JSON.stringify(utterance)})
    console.log(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex'))
    await engine.close()`
  return outputOfProgram(program)
}

async function outputOfProgram(program: string): Promise<string> {
  const options = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', program]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  return stdout.trim()
}

function checksumOf(samples: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest('hex')
}
