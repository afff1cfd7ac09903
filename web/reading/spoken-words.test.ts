import { expect, test, vi } from 'vitest'
import type { readingApi } from './reading-api.ts'
import { SpokenWords } from './spoken-words.ts'

const sound = { novelId: 'n', chapterNumber: 1, voice: 'v', speed: 1 }
const segment = (index: number) => ({ index, block: 0, start: 0, end: 3, spoken: '', ready: true })
const words = [{ start: 0, end: 3, from: 0.1, to: 0.4 }]

test('words that came with the chapter are not asked for', () => {
  const ask = vi.fn<typeof readingApi.words>()
  const known = { ...segment(0), from: 10, words: [{ start: 0, end: 3, from: 10.5, to: 11 }] }
  expect(new SpokenWords(sound, ask).of(known)).toEqual([{ start: 0, end: 3, from: 0.5, to: 1 }])
  expect(ask).not.toHaveBeenCalled()
})

test('what was spoken since is asked for once, with what follows it', async () => {
  const ask = vi.fn<typeof readingApi.words>(async () => [
    { index: 4, words },
    { index: 5, words },
  ])
  const spoken = new SpokenWords(sound, ask)
  expect(spoken.of(segment(4))).toBeUndefined()
  expect(spoken.of(segment(4))).toBeUndefined()
  await vi.waitFor(() => expect(spoken.of(segment(4))).toEqual(words))
  expect(spoken.of(segment(5))).toEqual(words)
  expect(ask.mock.calls).toEqual([[sound, 4, 40]])
})

test('a server that is away is asked again only after a while', async () => {
  vi.useFakeTimers()
  const ask = vi.fn<typeof readingApi.words>(async () => Promise.reject(new Error('away')))
  const spoken = new SpokenWords(sound, ask)
  for (const wanted of [1, 1, 2]) {
    spoken.of(segment(0))
    await vi.advanceTimersByTimeAsync(1500)
    expect(ask).toHaveBeenCalledTimes(wanted)
  }
  vi.useRealTimers()
})

test('words of a segment that has moved are asked for anew; what comes next is asked for in time', async () => {
  const ask = vi.fn<typeof readingApi.words>(async (_, from) => [{ index: from, words }])
  const spoken = new SpokenWords(sound, ask)
  spoken.prepare([segment(0), segment(1)], 0)
  await vi.waitFor(() => expect(spoken.of(segment(0))).toEqual(words))
  spoken.prepare([segment(0), segment(1)], 0)
  await vi.waitFor(() => expect(spoken.of(segment(1))).toEqual(words))
  expect(ask.mock.calls.map(([, from]) => from)).toEqual([0, 1])
  expect(spoken.of({ ...segment(0), start: 1 })).toBeUndefined()
  expect(ask).toHaveBeenCalledTimes(3)
})
