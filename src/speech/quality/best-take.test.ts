import { expect, test } from 'vitest'
import { speechLike, withSilence } from '../../../test/fixtures/speech-like.ts'
import type { Speech, Utterance } from '../speech-engine.ts'
import { hearTake, retakeOf, speakBestTake } from './best-take.ts'

const sampleRate = 24_000
const text = 'She opened the window, and the cold air of the evening came in.'
const utterance: Utterance = { text, voice: 'some:voice', speed: 1, seed: 'seed' }
const expected = { text, speed: 1, language: 'en', neural: true }

/** Speech of so many times the usual length. */
function speech(share: number, of = text): Speech {
  const seconds = (share * (of.match(/\p{L}/gu)?.length ?? 0)) / 15
  return {
    samples: withSilence(speechLike(seconds, sampleRate, of.length), 2400, 4800),
    sampleRate,
    words: [{ start: 0, end: of.length, from: 0.1, to: 0.1 + seconds }],
  }
}

/** Speaks what `take` gives for each utterance, and remembers them. */
function engineOf(take: (utterance: Utterance) => Speech) {
  const spoken: Utterance[] = []
  return {
    spoken,
    speak: async (each: Utterance) => {
      spoken.push(each)
      return take(each)
    },
  }
}

test('a good take is the only one, and is returned as it is', async () => {
  const good = speech(1)
  const engine = engineOf(() => good)
  expect(await speakBestTake(engine, utterance, expected, () => true)).toEqual({ speech: good })
  expect(engine.spoken).toEqual([utterance])
})

test('a suspicious take is taken again with another seed', async () => {
  const engine = engineOf(({ seed }) => speech(seed === 'seed' ? 0.3 : 1))
  const { speech: best, doubt } = await speakBestTake(engine, utterance, expected, () => true)
  expect(doubt).toBeUndefined()
  expect(best.samples.length).toBe(speech(1).samples.length)
  expect(engine.spoken[1]).toEqual(retakeOf(utterance, 1))
})

test('then in parts, whose words have their places in the whole text', async () => {
  const engine = engineOf((each) => speech(each.text === text ? 0.3 : 1, each.text))
  const { speech: best, doubt } = await speakBestTake(engine, utterance, expected, () => true)
  expect(doubt).toBeUndefined()
  expect(engine.spoken.slice(2).map((each) => each.text)).toEqual([
    'She opened the window,',
    'and the cold air of the evening came in.',
  ])
  expect(best.words.map(({ start, end }) => text.slice(start, end))).toEqual([
    'She opened the window,',
    'and the cold air of the evening came in.',
  ])
  expect(best.words[1]!.from).toBeGreaterThan(best.words[0]!.to)
  expect(best.words[1]!.to).toBeLessThan(best.samples.length / sampleRate)
})

test('the best of all is kept with what is suspicious of it, never one that is worse', async () => {
  const shareOf = (seed: string) => (seed === 'seed' ? 0.4 : seed === 'seed~1' ? 0.5 : 0.2)
  const engine = engineOf((each) => speech(shareOf(each.seed), each.text))
  const { speech: best, doubt } = await speakBestTake(engine, utterance, expected, () => true)
  expect(best.samples.length).toBe(speech(0.5).samples.length)
  expect(doubt?.takes).toBe(3)
  expect(doubt?.reasons.map(({ code }) => code)).toContain('too-short')
})

test('a take that fails, or for which there is no time, costs nothing', async () => {
  const failing = engineOf(({ seed }) => {
    if (seed !== 'seed') throw new Error('no more')
    return speech(0.3)
  })
  const kept = await speakBestTake(failing, utterance, expected, () => true)
  expect(kept.doubt?.takes).toBe(1)
  const hurried = engineOf(() => speech(0.3))
  await speakBestTake(hurried, utterance, expected, () => false)
  expect(hurried.spoken).toHaveLength(1)
})

test('what cannot be used at all is an error, as ever', async () => {
  const silent = engineOf(() => ({ samples: new Float32Array(sampleRate), sampleRate, words: [] }))
  await expect(speakBestTake(silent, utterance, expected, () => true)).rejects.toThrow('silent')
  expect(() => hearTake({ samples: new Float32Array(), sampleRate, words: [] }, expected)).toThrow('empty')
})

test('each take differs from those before it', () => {
  const takes = Array.from({ length: 8 }, (_, at) => retakeOf(utterance, at + 1))
  expect(new Set(takes.map(({ seed }) => seed)).size).toBe(8)
  for (const { speed } of takes) expect(Math.abs(speed - 1)).toBeLessThan(0.07)
})
