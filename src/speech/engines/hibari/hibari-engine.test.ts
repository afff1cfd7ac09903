import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { speechEngineContract } from '../../../../test/contracts/speech-engine-contract.ts'
import { temporaryFolder } from '../../../../test/program/temporary-folder.ts'
import { loudness as loudnessOf } from '../../../audio/mastering/loudness.ts'
import { calibratedGain, voiceToMeasure } from '../../quality/calibration.ts'
import { measurePace } from '../../quality/voice-pace.ts'
import { type HibariEngine, openHibari } from './hibari-engine.ts'

const folder = fileURLToPath(new URL('../../../../voices/heart', import.meta.url))
const fixtures = new URL('../../../../test/fixtures/heart/', import.meta.url)

interface Reference {
  readonly text: string
  readonly ids: readonly number[]
  readonly samples: number
  readonly wav: string
}
const references = JSON.parse(readFileSync(new URL('reference.json', fixtures), 'utf8')) as Reference[]

const heart = {
  model: join(folder, 'heart.onnx'),
  checksum: createHash('sha256')
    .update(readFileSync(join(folder, 'heart.onnx')))
    .digest('hex'),
}
const other = await temporaryFolder()
afterAll(() => other[Symbol.asyncDispose]())

speechEngineContract('hibari', {
  open: () => openHibari(folder),
  voice: 'hibari:heart',
  otherLanguage: { voice: 'hibari:heart', model: { ...heart, language: 'en-GB' } },
  openOtherModel: async () => {
    await cp(folder, other.path, { recursive: true })
    await appendFile(join(other.path, 'heart.onnx'), new Uint8Array(1))
    return openHibari(other.path)
  },
})

let engine: HibariEngine
beforeAll(async () => {
  engine = await openHibari(folder)
})
afterAll(() => engine.close())

test.each(references)('"$text" matches the publisher’s reference', async ({ ids, samples: length, wav }) => {
  const { samples, seconds } = await engine.synthesizeIds(ids, 1, 'any')
  expect(samples).toHaveLength(length)
  const reference = wavSamples(new URL(wav, fixtures))
  // Processors without dot products of bytes round otherwise, and phases drift (a correlation of samples of 0.4 to 0.9).
  expect(correlation(loudness(samples), loudness(reference))).toBeGreaterThan(0.999)
  expect(correlation(loudness(slopes(samples)), loudness(slopes(reference)))).toBeGreaterThan(0.99)
  expect(seconds).toHaveLength(ids.length)
  const sum = seconds.reduce((total, value) => total + value, 0)
  expect(sum).toBeCloseTo(length / 24_000, 6)
})

test('what is known of Heart beforehand is what measuring it comes to', async () => {
  const known = engine.measureOf('hibari:heart')
  expect(known?.gain).toBeCloseTo(await calibratedGain(engine, 'hibari:heart', loudnessOf), 2)
  expect(known?.pace).toBeCloseTo(await measurePace(engine, await voiceToMeasure(engine, 'hibari:heart')), 2)
  expect(engine.measureOf('hibari:other')).toBeUndefined()
})

test('another process gives the same samples', async () => {
  const utterance = { text: 'She opened the window.', voice: 'hibari:heart', speed: 1, seed: 'k' }
  const program = `
    import { createHash } from 'node:crypto'
    const { openHibari } = await import(${JSON.stringify(new URL('./hibari-engine.ts', import.meta.url).href)})
    const engine = await openHibari(${JSON.stringify(folder)})
    const { samples } = await engine.speak(${JSON.stringify(utterance)})
    console.log(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex'))
    await engine.close()`
  const options = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', program]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  const { samples } = await engine.speak(utterance)
  expect(stdout.trim()).toBe(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex'))
})

test('another seed changes only the noise', async () => {
  const utterance = { text: 'What could I do?', voice: 'hibari:heart', speed: 1 }
  const one = await engine.speak({ ...utterance, seed: 'one' })
  const two = await engine.speak({ ...utterance, seed: 'two' })
  expect(two.samples).not.toEqual(one.samples)
  expect(correlation(one.samples, two.samples)).toBeGreaterThan(0.999)
})

test('an installed voice of the family speaks, with British phonemes if it is British', async () => {
  const file = `${folder}/heart.onnx`
  const checksum = createHash('sha256').update(readFileSync(file)).digest('hex')
  const speak = (language: string) =>
    engine.speak({
      text: 'The bird sat over there, near the water.',
      voice: 'hibari:emma',
      speed: 1,
      seed: 'k',
      model: { model: file, checksum, language },
    })
  const [american, british] = [await speak('en-US'), await speak('en-GB')]
  expect(british.samples).not.toEqual(american.samples)
  expect(british.words).toHaveLength(8)
  expect(american.words).toHaveLength(8)
})

test('word times are consecutive and plausible', async () => {
  const text = 'She opened the window.'
  const { words } = await engine.speak({ text, voice: 'hibari:heart', speed: 1, seed: '' })
  expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(['She', 'opened', 'the', 'window'])
  for (const { from, to } of words) {
    expect(to - from).toBeGreaterThan(0.02)
    expect(to - from).toBeLessThan(0.9)
  }
})

test('a text of many clauses is spoken in several chunks with continuous word times', async () => {
  const text = `${'It was the best of times, it was the worst of times; '.repeat(20)}so it was.`
  const { words, samples } = await engine.speak({ text, voice: 'hibari:heart', speed: 1, seed: '' })
  expect(words.length).toBeGreaterThan(200)
  const last = words.at(-1)!
  expect(text.slice(last.start, last.end)).toBe('was')
  expect(last.to).toBeGreaterThan(samples.length / 24_000 - 2)
})

function wavSamples(file: URL): Float64Array {
  const bytes = readFileSync(file)
  return Float64Array.from(
    { length: (bytes.length - 44) / 2 },
    (_, index) => bytes.readInt16LE(44 + 2 * index) / 32_768,
  )
}

/** Root mean square of each 20 ms. */
function loudness(samples: Float32Array | Float64Array): Float32Array {
  const frame = 480
  return Float32Array.from({ length: Math.floor(samples.length / frame) }, (_, at) =>
    Math.hypot(...samples.subarray(at * frame, (at + 1) * frame)),
  )
}

/** High frequencies louder, by 6 dB an octave. */
function slopes(samples: Float32Array | Float64Array): Float32Array | Float64Array {
  return samples.map((value, at) => value - (samples[at - 1] ?? 0))
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, left, right] = [0, 0, 0]
  for (let index = 0; index < a.length; index++) {
    both += a[index]! * b[index]!
    left += a[index]! ** 2
    right += b[index]! ** 2
  }
  return both / Math.sqrt(left * right)
}
