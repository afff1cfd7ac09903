import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { concatenate } from '../../audio/samples.ts'
import { openHibari } from '../engines/hibari/hibari-engine.ts'
import type { Speech } from '../speech-engine.ts'
import { listen } from './second-ear.ts'

const heart = await openHibari(fileURLToPath(new URL('../../../voices/heart', import.meta.url)))
afterAll(() => heart.close())

const text = 'She opened the window, and the cold air of the evening came in from the street.'
const expected = { text, speed: 1, language: 'en', neural: true }
const take = await heart.speak({ text, voice: 'hibari:heart', speed: 0.82, seed: 'x' })
const { samples, sampleRate, words } = take
const bare = { ...take, words: [] }
const seconds = (count: number) => Math.round(count * sampleRate)
const heard = (changed: Partial<Speech>, of = expected) => {
  const { unusable, reasons } = listen({ ...bare, ...changed }, of)
  return unusable ?? reasons.map(({ code }) => code).join(' ')
}
const first = samples.findIndex((value) => Math.abs(value) > 0.01)
const last = samples.findLastIndex((value) => Math.abs(value) > 0.01)
const at = (share: number) => Math.round(first + share * (last - first))
const noise = (count: number) =>
  Float32Array.from({ length: count }, (_, index) => 0.1 * Math.sin(index * index * 0.37))

test('a good take passes, with and without the times of its words', () => {
  expect(heard({})).toBe('')
  expect(heard({ words })).toBe('')
})

test('each fault is heard', () => {
  expect(heard({ samples: samples.slice(0, at(0.4)) })).toContain('too-short')
  expect(heard({ samples: samples.slice(0, at(0.8)), words })).toContain('cut-off')
  expect(heard({ samples: concatenate([samples, samples]) })).toContain('too-long')
  const silence = new Float32Array(seconds(2))
  expect(heard({ samples: concatenate([samples.slice(0, at(0.5)), silence, samples.slice(at(0.5))]) })).toBe(
    'silence',
  )
  const clip = (value: number) => Math.max(-1, Math.min(1, value * 8))
  expect(heard({ samples: samples.map(clip) })).toBe('clipped')
  expect(heard({ samples: samples.map((value) => 0.4 * clip(value)) })).toBe('clipped')
  const fast = Float32Array.from({ length: samples.length >> 1 }, (_, index) => samples[2 * index]!)
  expect(heard({ samples: fast })).toContain('too-short')
  const tail = concatenate([samples.slice(0, last), noise(seconds(1.2)), new Float32Array(seconds(0.2))])
  expect(heard({ samples: tail })).toContain('tail')
  expect(heard({ samples: tail, words })).toContain('tail')
  const stuttering = concatenate([samples.slice(0, at(0.6)), samples.slice(at(0.4))])
  expect(heard({ samples: stuttering })).toBe('repeat')
  const broken = samples.slice()
  for (const share of [0.2, 0.35, 0.5, 0.65, 0.8]) broken.fill(0, at(share), at(share) + seconds(0.05))
  expect(heard({ samples: broken })).toBe('dropout')
})

test('what is no speech at all cannot be used', () => {
  expect(heard({ samples: new Float32Array() })).toContain('empty')
  expect(heard({ samples: new Float32Array(seconds(2)) })).toContain('silent')
  expect(heard({ samples: samples.with(5000, Number.NaN) })).toContain('not numbers')
  expect(heard({ samples: samples.map(() => 0.3) })).toContain('all the same')
  expect(heard({ samples: concatenate(Array.from({ length: 9 }, () => samples)) })).toContain('too long')
})

test('a text that repeats itself may sound like it', async () => {
  const twice = 'Falling down, falling down, falling down, falling down.'
  const speech = await heart.speak({ text: twice, voice: 'hibari:heart', speed: 0.82, seed: 'x' })
  expect(listen(speech, { ...expected, text: twice }).reasons).toEqual([])
})
