import { copyFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyVoice, writeTinyVoice } from '../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { ModelCache } from './model-cache.ts'
import type { OnnxNetwork } from './onnx-network.ts'
import { WorkerPool } from '../worker/worker-pool.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** Voices that differ, so that each has a checksum of its own. */
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

const itself = (network: OnnxNetwork) => Promise.resolve(network)

test('a model is opened once, also by two who want it at the same time', async () => {
  const shelf = new ModelCache()
  const [first, second] = await Promise.all([shelf.use(one, itself), shelf.use(one, itself)])
  expect(second).toBe(first)
  const copy = join(folder.path, 'copy.onnx')
  await copyFile(one.model, copy)
  expect(await shelf.use({ ...one, model: copy }, itself)).toBe(first)
  expect(shelf.loads).toBe(1)
  await shelf.clear()
})

test('three models stay open, and the one not used for longest goes', async () => {
  const shelf = new ModelCache()
  for (const model of [one, two, three, one, four]) await shelf.use(model, itself)
  expect(shelf.loads).toBe(4)
  await shelf.use(one, itself)
  await shelf.use(three, itself)
  expect(shelf.loads).toBe(4)
  await shelf.use(two, itself)
  expect(shelf.loads).toBe(5)
  await shelf.clear()
})

test('a model in use is never closed, however many others are wanted', async () => {
  const shelf = new ModelCache()
  await shelf.use(one, async (network) => {
    for (const model of [two, three, four, five]) await shelf.use(model, itself)
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
    expect(await shelf.use(one, itself)).toBe(network)
  })
  await shelf.clear()
})

test('models whose files are too large together do not stay open', async () => {
  const [small, large] = [1, 1000].map((speakers) => tinyVoice({ speakers }).length) as [number, number]
  const shelf = new ModelCache({ models: 3, bytes: small + large + 1000 })
  const wide = await writeTinyVoice(folder.path, 'wide', { speakers: 1000 })
  await shelf.use(one, itself)
  await shelf.use(wide, itself)
  await shelf.use(one, itself)
  expect(shelf.loads).toBe(2)
  // With a second small one it is too much, and the large one was not used for longest.
  await shelf.use(two, itself)
  await shelf.use(one, itself)
  expect(shelf.loads).toBe(3)
  await shelf.use(wide, itself)
  expect(shelf.loads).toBe(4)
  await shelf.clear()
})

test('a model that cannot be opened is told to all who want it, and tried again later', async () => {
  const shelf = new ModelCache()
  const broken = join(folder.path, 'broken.onnx')
  const model = { ...one, model: broken }
  const both = await Promise.allSettled([shelf.use(model, itself), shelf.use(model, itself)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(shelf.loads).toBe(0)
  await copyFile(one.model, broken)
  await shelf.use(model, itself)
  await truncate(broken, 100)
  await shelf.clear()
  await expect(shelf.use(model, itself)).rejects.toThrow(/not the one that was installed/)
})

test('two novels in two voices share two speakers without loading a model for each segment', async () => {
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

test('an idle speaker that knows the model is preferred, and a new model goes to the one with the fewest', async () => {
  const pool = new WorkerPool({ size: 2, module: new URL('../worker/speech-worker.ts', import.meta.url) })
  try {
    await pool.engines
    while (pool.alive < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    // Four voices one after the other, again and again: each speaker keeps two.
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
