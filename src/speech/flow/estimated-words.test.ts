import { afterAll, expect, test } from 'vitest'
import { closeEspeak, openEspeak } from '../../pronunciation/espeak/espeak.ts'
import { spokenWords, type TextWord } from '../../pronunciation/espeak/text-words.ts'
import { estimateWordTimes, type SizedWord } from './estimated-words.ts'

const espeak = await openEspeak()
afterAll(() => closeEspeak())

const sentences = [
  'Ông già mở cửa sổ; không khí lạnh của buổi tối ùa vào, mang theo mùi lúa chín.',
  'Trăm năm trong cõi người ta, chữ tài chữ mệnh khéo là ghét nhau.',
  'Người anh tham lam, lấy vợ rồi thì chiếm hết ruộng vườn, chỉ chia cho em một cây khế ở góc vườn.',
  'Một hôm, có con chim lạ rất to bay đến đậu trên cây khế và ăn lia lịa những quả chín vàng.',
]

function sized(text: string, words: readonly TextWord[]): SizedWord[] {
  return words.map(({ start, end }, at) => ({
    start,
    end,
    size: text.slice(start, end).normalize('NFD').match(/\p{L}/gu)?.length ?? 0,
    pauses: /[,;.]/.test(text.slice(end, words[at + 1]?.start ?? text.length)),
  }))
}

test('the estimates are near the exact times of eSpeak’s Vietnamese', () => {
  const errors = sentences
    .flatMap((text) => {
      const { samples, sampleRate, events } = espeak.synthesize(text, 'vi', 175)
      const exact = spokenWords(text, events)
      const estimated = estimateWordTimes(sized(text, exact), samples, sampleRate)
      expect(estimated.map(({ start, end }) => [start, end])).toEqual(
        exact.map(({ start, end }) => [start, end]),
      )
      return estimated.map(({ from }, at) => Math.abs(from - exact[at]!.from))
    })
    .toSorted((one, other) => one - other)
  expect(errors[Math.floor(errors.length * 0.5)]).toBeLessThan(0.04)
  expect(errors[Math.floor(errors.length * 0.75)]).toBeLessThan(0.1)
})

/** Tones of these seconds, silence where they are negative, at 8 kHz. */
function sound(...parts: readonly number[]): Float32Array {
  return Float32Array.from(
    parts.flatMap((seconds) =>
      Array.from({ length: Math.round(Math.abs(seconds) * 8000) }, (_, at) =>
        seconds < 0 ? 0 : Math.sin(at * 0.5) * 0.3,
      ),
    ),
  )
}

const two = (pauses: boolean): SizedWord[] => [
  { start: 0, end: 3, size: 3, pauses },
  { start: 5, end: 8, size: 3, pauses: true },
]

test('a pause at a mark belongs to no word, wherever it is', () => {
  const [first, second] = estimateWordTimes(two(true), sound(-0.1, 0.3, -0.4, 0.5, -0.2), 8000)
  expect(first).toMatchObject({ start: 0, end: 3 })
  expect(first!.from).toBeCloseTo(0.1, 1)
  expect(first!.to).toBeCloseTo(0.4, 1)
  expect(second!.from).toBeCloseTo(0.8, 1)
  expect(second!.to).toBeCloseTo(1.3, 1)
})

test.each([
  ['of nothing', new Float32Array()],
  ['of silence', new Float32Array(4000)],
  ['of a click', sound(-0.1, 0.01, -0.1)],
  ['without a pause', sound(1)],
])('times in a sound %s are in order and within it', (_, samples) => {
  const words = estimateWordTimes([...two(true), ...two(false)], samples, 8000)
  expect(words).toHaveLength(4)
  let reached = 0
  for (const { from, to } of words) {
    expect(from).toBeGreaterThanOrEqual(reached)
    expect(to).toBeGreaterThanOrEqual(from)
    reached = to
  }
  expect(reached).toBeLessThanOrEqual(samples.length / 8000)
})
