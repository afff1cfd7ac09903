import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { tinyConfig, type TinyVoice, tinyVoice, writeTinyVoice } from '../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { Failure } from '../../novel/failure.ts'
import { validateVoice, type ValidationOptions } from './voice-validation.ts'

const heart = fileURLToPath(new URL('../../../voices/heart/heart.onnx', import.meta.url))
const joe = fileURLToPath(new URL('../../../../shared/voices/joe/en_US-joe-medium.onnx', import.meta.url))

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** The message for an invalid voice. */
async function refusal(options: Omit<ValidationOptions, 'file'>): Promise<string> {
  const failure: unknown = await validateVoice({ file: 'my.onnx', ...options }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof Failure)) throw new Error('It was not refused', { cause: failure })
  expect(failure.code).toBe('voice.unfit')
  return failure.message
}

test('a Piper voice is validated: its family, speakers, language and loudness', async () => {
  const { model, config, checksum } = await writeTinyVoice(folder.path, 'tiny')
  expect(await validateVoice({ file: 'tiny.onnx', model, config })).toEqual({
    family: 'piper',
    checksum,
    configChecksum: createHash('sha256').update(readFileSync(config)).digest('hex'),
    language: 'en-US',
    speakers: [],
    gain: expect.closeTo(0.62, 1),
    pace: expect.closeTo(1, 0),
    loudness: expect.closeTo(-14.9, 0),
    wordTimes: true,
    seconds: expect.closeTo(11.4, 0),
    sampleRate: 22_050,
    bytes: statSync(model).size,
    speechPerCpuSecond: expect.any(Number) as number,
    memoryBytes: expect.any(Number) as number,
  })
})

test('every speaker of a voice has a name', async () => {
  const voice = { speakers: 3 }
  const unnamed = { ...tinyConfig(voice), speaker_id_map: { Ann: 2, Bob: 0 } }
  const { model, config } = await writeTinyVoice(folder.path, 'three', voice, unnamed)
  expect((await validateVoice({ file: 'three.onnx', model, config })).speakers).toEqual(['Bob', '1', 'Ann'])
})

test('Heart’s family needs no configuration and has the given language', async () => {
  const validation = await validateVoice({ file: 'heart.onnx', model: heart, language: 'en-GB' })
  expect(validation).toMatchObject({ family: 'hibari', language: 'en-GB', speakers: [], wordTimes: true })
  expect(validation.sampleRate).toBe(24_000)
})

test.skipIf(!existsSync(joe))('Joe is validated (needs ../shared/voices)', async () => {
  const validation = await validateVoice({ file: 'joe', model: joe, config: `${joe}.json`, family: 'piper' })
  expect(validation).toMatchObject({ family: 'piper', language: 'en-US', speakers: [], wordTimes: true })
})

const half = tinyVoice().subarray(0, 3000)
const badFiles: readonly (readonly [string, Uint8Array | string, RegExp])[] = [
  ['that is empty', '', /not an ONNX model/],
  ['of garbage', Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251), /not an ONNX model/],
  ['that is a page', '<!doctype html><title>Not found</title>', /not an ONNX model/],
  ['that breaks off', half, /not an ONNX model, or only a part of one/],
  // A graph (field 7) of 2³¹ bytes, of which two exist.
  ['that claims 2 GB', Uint8Array.of(0x3a, 0x80, 0x80, 0x80, 0x80, 0x08, 0x0a, 0x00), /only a part of one/],
  ['with flipped bytes', flipped(), /cannot load the model|failed on this text|not an ONNX model/],
]

test.each(badFiles)('a file %s is refused', async (_, bytes, reason) => {
  const model = join(folder.path, 'bad.onnx')
  await writeFile(model, bytes)
  await writeFile(`${model}.json`, JSON.stringify(tinyConfig()))
  expect(await refusal({ model, config: `${model}.json` })).toMatch(reason)
})

const badVoices: readonly (readonly [NonNullable<TinyVoice['fault']>, RegExp])[] = [
  ['silent', /silent/],
  ['not a number', /not numbers|silent/],
  ['too long', /too long/],
  ['too large', /more than 2 GB of memory/],
  ['wrong inputs', /another kind: its inputs are tokens, input_lengths, scales/],
  ['wrong output', /gives no sound/],
  ['weights elsewhere', /weights in other files/],
]

test.each(badVoices)('a voice that is %s is refused', async (fault, reason) => {
  const { model, config } = await writeTinyVoice(folder.path, 'faulty', { fault })
  expect(await refusal({ model, config })).toMatch(reason)
})

test('a voice that never ends is killed after the time-out', async () => {
  const { model, config } = await writeTinyVoice(folder.path, 'endless', { fault: 'never ends' })
  expect(await refusal({ model, config, timeout: 3000 })).toMatch(/not done after 3 s/)
})

const usual = tinyConfig()
const badConfigs: readonly (readonly [string, unknown, RegExp])[] = [
  ['is not JSON', '{"audio": ', /configuration is not JSON/],
  ['is one of something else', { name: 'x' }, /no fitting value for "audio"/],
  [
    'has an id that the network lacks',
    { ...usual, phoneme_id_map: { ...usual.phoneme_id_map, ꙮ: [256] } },
    /does not know every symbol or speaker/,
  ],
  ['has too many speakers', { ...usual, num_speakers: 2 }, /names 2 speakers, but its network has only one/],
]

test.each(badConfigs)('a voice whose configuration %s is refused', async (_, content, reason) => {
  const { model, config } = await writeTinyVoice(folder.path, 'configured', {}, content)
  expect(await refusal({ model, config })).toMatch(reason)
})

test('a voice with fewer speakers than its configuration says is refused', async () => {
  const content = tinyConfig({ speakers: 5 })
  const { model, config } = await writeTinyVoice(folder.path, 'two', { speakers: 2 }, content)
  expect(await refusal({ model, config })).toMatch(/does not know every symbol or speaker/)
})

test('missing files, size and another family are reported', async () => {
  const { model } = await writeTinyVoice(folder.path, 'plain')
  expect(await refusal({ model })).toMatch(/needs its configuration/)
  expect(await refusal({ model: join(folder.path, 'none.onnx') })).toMatch(/cannot be read/)
  expect(await refusal({ model, family: 'hibari' })).toMatch(/of the family piper, not hibari/)
  await truncate(model, 600_000_000)
  expect(await refusal({ model })).toMatch(/larger than any voice \(600 MB\)/)
})

test('a validation can be aborted', async () => {
  const { model, config } = await writeTinyVoice(folder.path, 'unwanted', { fault: 'never ends' })
  const abort = new AbortController()
  const validation = validateVoice({ file: 'x', model, config, signal: abort.signal })
  setTimeout(() => abort.abort(new Error('no longer')), 500)
  await expect(validation).rejects.toThrow('no longer')
})

/** A real voice with every fortieth byte changed. */
function flipped(): Uint8Array {
  return Uint8Array.from(readFileSync(heart), (byte, at) => (at % 40 === 0 ? byte ^ 85 : byte))
}
