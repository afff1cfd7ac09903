import { copyFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyVoice, writeTinyVoice } from '../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { WorkerPool } from '../worker/worker-pool.ts'
import { ModelCache } from './model-cache.ts'
import type { OnnxNetwork } from './onnx-network.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** Distinct voices, so that each has its own checksum. */
const voices = await Promise.all(
  [1, 2, 3, 4, 5].map((speakers) => writeTinyVoice(folder.path, `voice-${speakers}`, { speakers })),
)
const [one, two, three, four, five] = voices as unknown as [
  VoiceModel,
  VoiceModel,
  VoiceModel,
  VoiceModel,
  VoiceModel,
]

const identity = (network: OnnxNetwork) => Promise.resolve(network)

test('a model is opened once, also by concurrent users', async () => {
  const cache = new ModelCache()
  const [first, second] = await Promise.all([cache.use(one, identity), cache.use(one, identity)])
  expect(second).toBe(first)
  const copy = join(folder.path, 'copy.onnx')
  await copyFile(one.model, copy)
  expect(await cache.use({ ...one, model: copy }, identity)).toBe(first)
  expect(cache.loads).toBe(1)
  await cache.clear()
})

test('three models stay open, and the least recently used is closed', async () => {
  const cache = new ModelCache()
  for (const model of [one, two, three, one, four]) await cache.use(model, identity)
  expect(cache.loads).toBe(4)
  await cache.use(one, identity)
  await cache.use(three, identity)
  expect(cache.loads).toBe(4)
  await cache.use(two, identity)
  expect(cache.loads).toBe(5)
  await cache.clear()
})

test('a model in use is never closed, however many others are used', async () => {
  const cache = new ModelCache()
  await cache.use(one, async (network) => {
    for (const model of [two, three, four, five]) await cache.use(model, identity)
    const { inputs, noises, Tensor } = network
    const zeros = new Tensor('int64', new BigInt64Array(3), [1, 3])
    const outputs = await network.session.run({
      input: zeros,
      input_lengths: new Tensor('int64', BigInt64Array.of(3n), [1]),
      scales: new Tensor('float32', Float32Array.of(0, 1, 0), [3]),
      [noises[0]!.name]: new Tensor('float32', new Float32Array(10), [10]),
    })
    expect(inputs).toContain('input')
    expect(outputs['output']?.data.length).toBeGreaterThan(0)
    expect(await cache.use(one, identity)).toBe(network)
  })
  await cache.clear()
})

test('models whose files are too large together do not stay open', async () => {
  const [small, large] = [1, 1000].map((speakers) => tinyVoice({ speakers }).length) as [number, number]
  const cache = new ModelCache({ models: 3, bytes: small + large + 1000 })
  const wide = await writeTinyVoice(folder.path, 'wide', { speakers: 1000 })
  await cache.use(one, identity)
  await cache.use(wide, identity)
  await cache.use(one, identity)
  expect(cache.loads).toBe(2)
  // A second small one exceeds the limit, and the large one is the least recently used.
  await cache.use(two, identity)
  await cache.use(one, identity)
  expect(cache.loads).toBe(3)
  await cache.use(wide, identity)
  expect(cache.loads).toBe(4)
  await cache.clear()
})

test('a failure to open a model rejects all its users, and is retried later', async () => {
  const cache = new ModelCache()
  const broken = join(folder.path, 'broken.onnx')
  const model = { ...one, model: broken }
  const both = await Promise.allSettled([cache.use(model, identity), cache.use(model, identity)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(cache.loads).toBe(0)
  await copyFile(one.model, broken)
  await cache.use(model, identity)
  await truncate(broken, 100)
  await cache.clear()
  await expect(cache.use(model, identity)).rejects.toThrow(/not the one that was installed/)
})

test('two novels in two voices share two workers without loading a model for each segment', async () => {
  const pool = new WorkerPool({ size: 2, module: new URL('../worker/speech-worker.ts', import.meta.url) })
  try {
    const speak = (segment: number) => {
      const novel = segment % 2
      return pool.speak({
        text: `This is the sentence with the number ${segment}.`,
        voice: `piper:novel-${novel}`,
        speed: 1,
        pauseSeconds: 0.25,
        seed: `${segment}`,
        model: novel === 0 ? one : two,
        gain: 0.5,
      })
    }
    const clips: number[] = []
    let next = 0
    const work = async () => {
      while (next < 40) clips.push((await speak(next++)).frameSizes.length)
    }
    await Promise.all([work(), work()])
    expect(clips).toHaveLength(40)
    expect(Math.min(...clips)).toBeGreaterThan(20)
    expect(pool.modelLoads).toBeGreaterThanOrEqual(2)
    expect(pool.modelLoads).toBeLessThanOrEqual(4)
  } finally {
    await pool.stop()
  }
})

test('an idle worker that has loaded the model is preferred, and a new model goes to the one with the fewest', async () => {
  const pool = new WorkerPool({ size: 2, module: new URL('../worker/speech-worker.ts', import.meta.url) })
  try {
    await pool.engines
    while (pool.alive < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    // Four voices in turn, repeatedly: each worker keeps two.
    for (let round = 0; round < 4; round++) {
      for (const [index, model] of voices.slice(0, 4).entries()) {
        const voice = `piper:voice-${index}`
        await pool.speak({
          text: 'A short sentence.',
          voice,
          speed: 1,
          pauseSeconds: 0,
          seed: '',
          model,
          gain: 1,
        })
      }
    }
    expect(pool.modelLoads).toBe(4)
  } finally {
    await pool.stop()
  }
})
