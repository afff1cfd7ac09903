import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { writeTinyVoice } from '../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { decodeFrames } from '../../audio/codec/aac.ts'
import { adtsFrames } from '../../audio/codec/adts.ts'
import { targetLoudness } from '../../audio/mastering-settings.ts'
import { loudness } from '../../audio/mastering/loudness.ts'
import { sampleRate } from '../../novel/clip.ts'
import { annotate, stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import { VoiceEndsWorker, VoiceUnavailable } from '../speech-engine.ts'
import { WorkerPool } from './worker-pool.ts'
import type { SpeakTask } from './pooled-worker.ts'

const folder = await temporaryFolder()
const model = await writeTinyVoice(folder.path, 'tiny')
const pool = new WorkerPool({ size: 1, module: new URL('./speech-worker.ts', import.meta.url) })
afterAll(async () => {
  await pool.stop()
  await folder[Symbol.asyncDispose]()
})

/** LUFS of a sentence's clip. */
async function clipLoudness(rest: Partial<SpeakTask> = {}): Promise<number> {
  const sentence = 'The old man looked up from his letter, and nobody said a word.'
  const task = { text: sentence, voice: 'piper:tiny', speed: 1, pauseSeconds: 0.25, seed: 'seed', model }
  const { adts } = await pool.speak({ ...task, ...rest })
  return loudness(decodeFrames(adtsFrames(adts)), sampleRate)
}

test('a voice’s gain is used if given and else measured', async () => {
  const [soft, loud] = [await clipLoudness({ gain: 0.05 }), await clipLoudness({ gain: 0.5 })]
  expect(loud - soft).toBeCloseTo(20, 0)
  expect(Math.abs((await clipLoudness()) - targetLoudness)).toBeLessThan(1)
  expect(await clipLoudness({ gain: 0.05 })).toBeCloseTo(soft, 5)
})

test('a voice’s pace is used if given and measured on request', async () => {
  const length = async (rest: Partial<SpeakTask>) => {
    const text = 'The old man looked up from his letter, and nobody said a word.'
    const task = { text, voice: 'espeak:en-us', speed: 1, pauseSeconds: 0.25, seed: 'seed', gain: 1 }
    return (await pool.speak({ ...task, ...rest })).frameSizes.length
  }
  const own = await length({})
  expect((await length({ pace: 0.8 })) / own).toBeCloseTo(1.25, 1)
  expect(await length({ pace: 0.8, speed: 1.25 })).toBe(own)
  const measured = await length({ pace: 'measure' })
  expect(measured / own).toBeGreaterThan(1.1)
  expect(measured / own).toBeLessThan(1.35)
  expect(await length({ pace: 'measure' })).toBe(measured)
})

test('what an engine knows of its own voice beforehand is not measured, and what is given comes first', async () => {
  const module = new URL('../../../test/program/measured-speech-worker.ts', import.meta.url)
  const measured = new WorkerPool({ size: 1, module })
  try {
    const task = {
      text: 'The old man looked up.',
      voice: 'odd:hum',
      speed: 1,
      pauseSeconds: 0.25,
      seed: 'seed',
    }
    const loudnessWith = async (rest: Partial<SpeakTask>): Promise<number> => {
      const { adts } = await measured.speak({ ...task, ...rest })
      return loudness(decodeFrames(adtsFrames(adts)), sampleRate)
    }
    expect((await loudnessWith({ gain: 0.5 })) - (await loudnessWith({ pace: 'measure' }))).toBeCloseTo(20, 0)
  } finally {
    await measured.stop()
  }
})

test('a voice’s model is loaded once whatever the gain', () => {
  expect(pool.modelLoads).toBe(1)
})

test('an engine’s own voices need no model, and an invalid model is reported', async () => {
  await expect(clipLoudness({ voice: 'espeak:en-us', model: undefined })).resolves.toBeGreaterThan(-30)
  await expect(clipLoudness({ voice: 'piper:tiny', model: undefined })).rejects.toThrow(/no voice piper:tiny/)
  await expect(clipLoudness({ model: { ...model, checksum: 'ab' } })).rejects.toThrow(/not the one/)
})

test('a worker that ends or hangs while it loads a model is not held against the text', async () => {
  // A pipe into which nobody writes: reading it never ends.
  const pipe = join(folder.path, 'endless.onnx')
  execFileSync('mkfifo', [pipe])
  const text = 'The door was open.'
  const endless = { ...model, model: pipe, checksum: 'cd' }
  const task = { text, voice: 'piper:tiny', speed: 1, pauseSeconds: 0.25, seed: 's', gain: 1, model: endless }
  const module = new URL('./speech-worker.ts', import.meta.url)
  const hasty = new WorkerPool({ size: 1, module, timeout: () => 5000 })
  const errorOf = (spoken: Promise<unknown>) => spoken.catch((error: unknown) => error)
  const hung = await errorOf(hasty.speak(task))
  await hasty.stop()
  expect(hung).toBeInstanceOf(VoiceEndsWorker)
  expect(hung).toMatchObject({
    message: expect.stringMatching(/^no sound after .+ while it loaded the voice$/),
  })
  const patient = new WorkerPool({ size: 1, module })
  const killed = errorOf(patient.speak(task))
  // Opens as soon as the worker reads.
  await using _ = await open(pipe, 'w')
  process.kill(patient.pids[0]!, 'SIGKILL')
  expect(await killed).toBeInstanceOf(VoiceEndsWorker)
  await patient.stop()
})

test('the first worker of a pool starts alone, the others when it is ready', async () => {
  const shared = new WorkerPool({ size: 3, module: new URL('./speech-worker.ts', import.meta.url) })
  try {
    expect(shared.pids).toHaveLength(1)
    await shared.engines
    expect(shared.pids).toHaveLength(3)
  } finally {
    await shared.stop()
  }
})

test('a voice that cannot be loaded or measured is distinguished from a text that cannot be spoken', async () => {
  const silent = await writeTinyVoice(folder.path, 'silent', { fault: 'silent' })
  const failing = async (rest: Partial<SpeakTask>): Promise<unknown> =>
    clipLoudness(rest).catch((error: unknown) => error)
  const gone = join(folder.path, 'gone.onnx')
  for (const [rest, reason] of [
    [{ model: { ...model, model: gone, checksum: 'ab' } }, /gone\.onnx cannot be read \(ENOENT\)/],
    [{ model: { ...model, checksum: 'ab' } }, /not the one/],
    [{ model: { ...model, config: gone } }, /configuration .* cannot be read/],
    [{ model: silent }, /silent/],
    [{ voice: 'nobody:here' }, /no engine/],
  ] as const) {
    const error = await failing({ gain: undefined, ...rest })
    expect(error).toBeInstanceOf(VoiceUnavailable)
    expect((error as Error).message).toMatch(reason)
  }
  for (const rest of [
    { model: silent, gain: 1 },
    { text: '…', gain: 1 },
  ]) {
    const error = await failing(rest)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(VoiceUnavailable)
  }
})

test('annotated phonemes are spoken, and word times have the offsets of the annotated text', async () => {
  const task = { voice: 'espeak:en-us', speed: 1, pauseSeconds: 0, seed: 'seed', gain: 1 }
  const text = `He ${annotate('read', 'ɹˈɛd')} it twice.`
  const { words, adts } = await pool.speak({ ...task, text })
  expect(words.map(({ start, end }) => stripAnnotations(text.slice(start, end)))).toEqual([
    'He',
    'read',
    'it',
    'twice',
  ])
  const plain = await pool.speak({ ...task, text: stripAnnotations(text) })
  expect(adts).not.toEqual(plain.adts)
})

test('a worker whose server is killed while it speaks exits without output', async () => {
  const worker = fork(fileURLToPath(new URL('./speech-worker.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const output = text(worker.stderr!)
  await once(worker, 'message')
  const sentence = 'The old man looked up from his letter, and nobody said a word. '
  const task = {
    text: sentence.repeat(20),
    voice: 'espeak:en-us',
    speed: 1,
    pauseSeconds: 0,
    seed: '',
    gain: 1,
  }
  worker.send({ ...task, type: 'speak', id: 1 })
  worker.disconnect()
  expect(await once(worker, 'exit')).toEqual([0, null])
  expect(await output).toBe('')
})

test.runIf(existsSync('/proc/self/autogroup'))(
  'a worker lets the processes of every session go first, and leaves the priority of its server’s alone',
  async () => {
    const own = await readFile('/proc/self/autogroup', 'utf8')
    await clipLoudness()
    const [pid] = pool.pids
    const group = () => readFile(`/proc/${pid}/autogroup`, 'utf8')
    await waitUntil(async () => (await group()).endsWith(' nice 5\n'))
    expect((await group()).split(' ')[0]).not.toBe(own.split(' ')[0])
    expect(await readFile('/proc/self/autogroup', 'utf8')).toBe(own)
  },
)
