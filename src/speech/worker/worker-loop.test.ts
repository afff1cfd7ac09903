import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { writeTinyVoice } from '../../../test/fixtures/tiny-voice.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { decodeFrames } from '../../audio/codec/aac.ts'
import { adtsFrames } from '../../audio/codec/adts.ts'
import { loudness } from '../../audio/mastering/loudness.ts'
import { targetLoudness } from '../../audio/mastering-settings.ts'
import { sampleRate } from '../../novel/clip.ts'
import { stripAnnotations, annotate } from '../../novel/pronunciation-annotations.ts'
import type { SpeakTask } from './worker-process.ts'
import { WorkerPool } from './worker-pool.ts'
import { VoiceUnavailable } from '../speech-engine.ts'

const folder = await temporaryFolder()
const model = await writeTinyVoice(folder.path, 'tiny')
const pool = new WorkerPool({ size: 1, module: new URL('./speech-worker.ts', import.meta.url) })
afterAll(async () => {
  await pool.stop()
  await folder[Symbol.asyncDispose]()
})

/** LUFS of a sentence as it is stored. */
async function stored(rest: Partial<SpeakTask> = {}): Promise<number> {
  const sentence = 'The old man looked up from his letter, and nobody said a word.'
  const task = { text: sentence, voice: 'piper:tiny', speed: 1, pauseSeconds: 0.25, seed: 'seed', model }
  const { adts } = await pool.speak({ ...task, ...rest })
  return loudness(decodeFrames(adtsFrames(adts)), sampleRate)
}

test('a voice’s gain is used as it was proved, and measured where it is not known', async () => {
  const [soft, loud] = [await stored({ gain: 0.05 }), await stored({ gain: 0.5 })]
  expect(loud - soft).toBeCloseTo(20, 0)
  expect(Math.abs((await stored()) - targetLoudness)).toBeLessThan(1)
  expect(await stored({ gain: 0.05 })).toBeCloseTo(soft, 5)
})

test('a voice’s pace is used as it was measured, and measured where it is not known', async () => {
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

test('the same voice speaks with either gain without its model being loaded again', () => {
  expect(pool.modelLoads).toBe(1)
})

test('an engine’s own voices need no model, and a model of nothing is told', async () => {
  await expect(stored({ voice: 'espeak:en-us', model: undefined })).resolves.toBeGreaterThan(-30)
  await expect(stored({ voice: 'piper:tiny', model: undefined })).rejects.toThrow(/no voice piper:tiny/)
  await expect(stored({ model: { ...model, checksum: 'ab' } })).rejects.toThrow(/not the one/)
})

test('a voice that cannot be loaded or measured is told apart from a text that cannot be spoken', async () => {
  const mute = await writeTinyVoice(folder.path, 'mute', { fault: 'silent' })
  const failing = async (rest: Partial<SpeakTask>): Promise<unknown> =>
    stored(rest).catch((error: unknown) => error)
  const gone = join(folder.path, 'gone.onnx')
  for (const [rest, reason] of [
    [{ model: { ...model, model: gone, checksum: 'ab' } }, /gone\.onnx cannot be read \(ENOENT\)/],
    [{ model: { ...model, checksum: 'ab' } }, /not the one/],
    [{ model: { ...model, config: gone } }, /configuration .* cannot be read/],
    [{ model: mute }, /silent/],
    [{ voice: 'nobody:here' }, /no engine/],
  ] as const) {
    const error = await failing({ gain: undefined, ...rest })
    expect(error).toBeInstanceOf(VoiceUnavailable)
    expect((error as Error).message).toMatch(reason)
  }
  for (const rest of [
    { model: mute, gain: 1 },
    { text: '…', gain: 1 },
  ]) {
    const error = await failing(rest)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(VoiceUnavailable)
  }
})

test('the phonemes in a spoken text are spoken, and its words are told where they stand in it', async () => {
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

test('a speaker whose server is killed while it speaks ends without a word', async () => {
  const speaker = fork(fileURLToPath(new URL('./speech-worker.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const said = text(speaker.stderr!)
  await once(speaker, 'message')
  const sentence = 'The old man looked up from his letter, and nobody said a word. '
  const task = {
    text: sentence.repeat(20),
    voice: 'espeak:en-us',
    speed: 1,
    pauseSeconds: 0,
    seed: '',
    gain: 1,
  }
  speaker.send({ ...task, type: 'speak', id: 1 })
  speaker.disconnect()
  expect(await once(speaker, 'exit')).toEqual([0, null])
  expect(await said).toBe('')
})
