import { expect, test } from 'vitest'
import { someClip } from '../../../test/fixtures/small-novel.ts'
import { VoiceUnavailable } from '../speech-engine.ts'
import { type SpeakTask, WorkerGone } from './pooled-worker.ts'
import { RemoteWorker } from './remote-worker.ts'
import { emptyPoolMessage, PoolStopped, WorkerPool } from './worker-pool.ts'
import type { EngineInfo } from './worker-protocol.ts'

const engines: readonly EngineInfo[] = [
  {
    name: 'odd',
    version: '1',
    voices: [{ id: 'odd:hum', engine: 'odd', name: 'Hum', language: 'en', neural: false }],
  },
]
const never = new AbortController().signal
const taskOf = (text: string, voice = 'odd:hum'): SpeakTask => ({
  text,
  voice,
  speed: 1,
  pauseSeconds: 0.25,
  seed: text,
})

/** A pool without workers of its own, and the means to let a machine of one slot join it. */
function emptyPool() {
  const pool = new WorkerPool({ size: 0, module: new URL('./speech-worker.ts', import.meta.url) })
  const join = (accepts: (model: string) => boolean = () => true) => {
    const worker = new RemoteWorker({ onIdle: (idle) => pool.offer(idle), accepts })
    const membership = pool.join([worker], engines)
    if (!membership) throw new Error('refused')
    return { worker, leave: () => membership[Symbol.dispose]() }
  }
  return { pool, join }
}

/** Everything has happened that follows from what was done. */
const settled = () => new Promise(setImmediate)

test('a pool without workers says that it is empty, at once', async () => {
  const { pool, join } = emptyPool()
  await pool.settled
  expect(pool.state).toEqual({ state: 'empty' })
  await expect(pool.speak(taskOf('Yes.'))).rejects.toThrow(emptyPoolMessage)
  join()
  expect(pool.state).toEqual({ state: 'ready' })
  expect([pool.size, pool.localSize, pool.alive, pool.busy]).toEqual([1, 0, 1, 0])
  expect(await pool.engines).toEqual(engines)
})

test('a machine is given a text whether it asks before the text comes or after', async () => {
  const { pool, join } = emptyPool()
  const { worker } = join()
  for (const textFirst of [true, false]) {
    const text = `Text first: ${textFirst}.`
    const early = textFirst ? pool.speak(taskOf(text)) : undefined
    const asked = worker.take(1000, never)
    const clip = early ?? pool.speak(taskOf(text))
    const given = await asked
    expect(given?.task.text).toBe(text)
    expect([worker.busy, pool.busy]).toEqual([true, 1])
    expect(worker.finish(given!, someClip(3))).toBe(true)
    expect(worker.finish(given!, someClip(3))).toBe(false)
    expect(await clip).toEqual(someClip(3))
    expect(worker.busy).toBe(false)
  }
})

test('a request that is not answered in time, is cut off or is repeated leaves nothing behind', async () => {
  const { pool, join } = emptyPool()
  const { worker } = join()
  expect(await worker.take(0, never)).toBeUndefined()
  const cut = new AbortController()
  const cutOff = worker.take(60_000, cut.signal)
  cut.abort()
  expect(await cutOff).toBeUndefined()
  expect(worker.idle).toBe(false)
  const [older, newer] = [worker.take(60_000, never), worker.take(60_000, never)]
  expect(await older).toBeUndefined()
  const clip = pool.speak(taskOf('Yes.'))
  worker.finish((await newer)!, someClip(1))
  await clip
  worker.take(60_000, never).catch(() => undefined)
  worker.hangUp()
  expect(worker.idle).toBe(false)
})

test('a text that its machine did not take goes to the next one', async () => {
  const { pool, join } = emptyPool()
  const [first, second] = [join(), join()]
  const cut = new AbortController()
  const hungUp = first.worker.take(60_000, cut.signal)
  const clip = pool.speak(taskOf('Yes.'))
  cut.abort()
  expect(await hungUp).toBeUndefined()
  const given = await second.worker.take(60_000, never)
  second.worker.finish(given!, someClip(2))
  expect(await clip).toEqual(someClip(2))
})

test('a machine that leaves gives its text to others; one that falls silent over it does not', async () => {
  const { pool, join } = emptyPool()
  const [first, second] = [join(), join()]
  const asked = first.worker.take(60_000, never)
  const clip = pool.speak(taskOf('Yes.'))
  await asked
  first.leave()
  await first.worker.end()
  const given = await second.worker.take(60_000, never)
  expect(given?.task.text).toBe('Yes.')
  const silent = new WorkerGone('it fell silent', { suspect: true })
  second.worker.fail(given!, silent)
  await expect(clip).rejects.toBe(silent)
})

test('texts that wait for the last machine are given back when it leaves', async () => {
  const { pool, join } = emptyPool()
  const { leave } = join()
  const waiting = pool.speak(taskOf('Yes.'))
  leave()
  await expect(waiting).rejects.toBeInstanceOf(WorkerGone)
})

test('what one machine cannot load another speaks, and the voice is unavailable when none can', async () => {
  const { pool, join } = emptyPool()
  const refused = [false, false]
  const machines = [join(() => !refused[0]), join(() => !refused[1])]
  const refuse = async (at: 0 | 1, asked: ReturnType<RemoteWorker['take']>) => {
    const given = await asked
    refused[at] = true
    machines[at]!.worker.fail(given!, new VoiceUnavailable(`no model on ${at}`))
  }
  const asked = machines[0]!.worker.take(60_000, never)
  const clip = pool.speak(taskOf('Yes.'))
  await refuse(0, asked)
  await refuse(1, machines[1]!.worker.take(60_000, never))
  await expect(clip).rejects.toThrow('no model on 1')
  await expect(pool.speak(taskOf('No.'))).rejects.toBeInstanceOf(VoiceUnavailable)
  refused[1] = false
  const again = pool.speak(taskOf('Again.'))
  // It asks first, but is not given what it refuses.
  const idle = machines[0]!.worker.take(60_000, never)
  machines[1]!.worker.finish((await machines[1]!.worker.take(60_000, never))!, someClip(1))
  expect(await again).toEqual(someClip(1))
  machines[0]!.worker.hangUp()
  expect(await idle).toBeUndefined()
})

test('other engines are refused, however JSON has carried them', () => {
  const { pool, join } = emptyPool()
  join()
  const worker = new RemoteWorker({ onIdle: () => undefined, accepts: () => true })
  const gaps = engines.map((engine) => ({
    ...engine,
    voices: engine.voices.map((voice) => ({ ...voice, gender: undefined })),
  })) as unknown as EngineInfo[]
  expect(pool.join([worker], gaps)).toBeDefined()
  expect(pool.join([worker], [{ ...engines[0]!, version: '2' }])).toBeUndefined()
})

test('a stopped pool rejects what machines hold and what waits', async () => {
  const { pool, join } = emptyPool()
  const { worker } = join()
  const asked = worker.take(60_000, never)
  const [held, waiting] = [pool.speak(taskOf('Held.')), pool.speak(taskOf('Waiting.'))]
  const outcomes = Promise.allSettled([held, waiting])
  await asked
  await pool.stop()
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(PoolStopped) })
  }
  await settled()
  await expect(pool.speak(taskOf('Later.'))).rejects.toBeInstanceOf(PoolStopped)
})

test('the audio of a speech server is encoded here, also where no worker speaks', async () => {
  const { pool, join } = emptyPool()
  const { worker } = join()
  const asked = worker.take(60_000, never)
  const pcm = new Uint8Array(new Float32Array(24_000).map((_, at) => Math.sin(at / 10) / 4).buffer)
  const samples = new Int16Array(new Float32Array(pcm.buffer).map((value) => value * 32_767))
  const audio = { chunks: [new Uint8Array(samples.buffer)], pcmRate: 24_000 }
  const clip = await pool.speak({ ...taskOf('A tone.', 'server:box:tone'), gain: 1, audio })
  expect(clip.frameSizes.length).toBeGreaterThan(20)
  expect((await pool.measure(audio)).gain).toBeGreaterThan(0)
  worker.hangUp()
  expect(await asked).toBeUndefined()
  await pool.stop()
  await expect(pool.measure(audio)).rejects.toBeInstanceOf(PoolStopped)
})
