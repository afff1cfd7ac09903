import { afterAll, expect, test } from 'vitest'
import { writeTinyKokoro } from '../../../test/fixtures/tiny-kokoro.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { LargeModelWorkers, largeModelBytes, roomForLargeModels } from './large-models.ts'
import { WorkerPool } from './worker-pool.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

test.each([
  ['a small board', 1e9, 1, 1],
  ['a box of 4 GB', 4e9, 2, 2],
  ['a machine of 8 GB', 8e9, 5, 4],
])('%s has room for a large model in some workers, never in none', (_, memory, kokoro, korva) => {
  const workers = new LargeModelWorkers(roomForLargeModels(memory))
  expect(workers.placesFor(largeModelBytes('kokoro:af_bella')!)).toBe(kokoro)
  expect(workers.placesFor(largeModelBytes('supertonic:khanh_vy')!)).toBe(korva)
  expect([largeModelBytes('hibari:heart'), largeModelBytes('piper:joe:3')]).toEqual([undefined, undefined])
})

test('where there is room for one, one worker holds the large model, and others speak other voices', async () => {
  const model = await writeTinyKokoro(folder.path, 'tiny')
  const pool = new WorkerPool({
    size: 2,
    module: new URL('./speech-worker.ts', import.meta.url),
    largeModelRoom: 1e9,
  })
  try {
    await pool.engines
    expect([pool.placesFor('kokoro:tiny'), pool.placesFor('hibari:heart')]).toEqual([1, 2])
    const task = { speed: 1, seed: 'seed', gain: 1, pauseSeconds: 0.25 }
    const kokoro = (text: string) => pool.speak({ ...task, text, voice: 'kokoro:tiny', model })
    const heart = (text: string) => pool.speak({ ...task, text, voice: 'hibari:heart' })
    await Promise.all([kokoro('One.'), kokoro('Two.'), heart('Three.'), kokoro('Four.'), heart('Five.')])
    // Heart's own model is loaded by at most two workers, the large one by one.
    expect(pool.modelLoads).toBeLessThanOrEqual(3)
    await Promise.all([kokoro('Six.'), kokoro('Seven.'), kokoro('Eight.')])
    expect(pool.modelLoads).toBeLessThanOrEqual(3)
    const [first] = pool.pids
    process.kill(first!, 'SIGKILL')
    await Promise.allSettled([kokoro('Nine.'), kokoro('Ten.')])
    // Whichever worker it was, one holds the model again.
    expect((await kokoro('Eleven.')).adts.length).toBeGreaterThan(0)
  } finally {
    await pool.stop()
  }
})
