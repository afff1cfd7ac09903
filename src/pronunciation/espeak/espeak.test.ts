import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeEspeak, type Espeak, openEspeak } from './espeak.ts'

let espeak: Espeak
beforeAll(async () => {
  espeak = await openEspeak()
})
afterAll(closeEspeak)

test('a process has one instance', async () => {
  expect(await openEspeak()).toBe(espeak)
  closeEspeak()
})

test('the result is independent of earlier utterances and voices', () => {
  const text = 'You have no idea how long I have waited.'
  const first = espeak.synthesize(text, 'en-us', 175)
  for (const [code, other] of [
    ['ru', 'Привет, hello мир.'],
    ['cmn', '你好'],
    ['vi', 'Xin chào.'],
    ['de', 'Guten Tag.'],
    ['en-us', 'Something much longer than that. '.repeat(30)],
  ] as const) {
    espeak.synthesize(other, code, 300)
    espeak.phonemes(other, code)
  }
  const second = espeak.synthesize(text, 'en-us', 175)
  expect(second.samples).toEqual(first.samples)
  expect(second.events).toEqual(first.events)
})

test('markup is spoken as text, and positions are offsets into the text', () => {
  const text = 'Tom & <b> “Jerry” 😀 ran'
  const words = espeak.synthesize(text, 'en-us', 175).events.filter(({ phoneme }) => phoneme === undefined)
  const places = words.map(({ position }) => position)
  expect(places).toContain(text.indexOf('&'))
  expect(places).toContain(text.indexOf('ran'))
})

test('ornaments of a book are not read out', () => {
  const plain = espeak.phonemes('He began,', 'en-us')
  expect(espeak.phonemes('* * * _He_ began:--', 'en-us').replaceAll(/^_+|_+$/g, '')).toBe(plain)
  expect(espeak.phonemes('[[h@l]]', 'en-us')).not.toContain('ə')
})

test('an unknown voice and an endless text are refused', () => {
  expect(() => espeak.synthesize('Hello', 'no-such', 175)).toThrow('eSpeak has no voice no-such')
  expect(() => espeak.phonemes('a'.repeat(70_000), 'en-us')).toThrow('at most 65536 bytes')
})
