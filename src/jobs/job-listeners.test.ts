import { afterEach, expect, test, vi } from 'vitest'
import { JobListeners } from './job-listeners.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Listeners of one job whose calls are noted by the time at which they came. */
function listening() {
  const listeners = new JobListeners({ error: (error: unknown) => expect.unreachable(String(error)) })
  const calls: number[] = []
  listeners.add('transcode', () => calls.push(performance.now()))
  return { listeners, calls }
}

test('a timer that fires early announces nothing before its time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] })
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const { listeners, calls } = listening()
  listeners.announceLater('transcode', 20)
  now += 19.4
  await vi.advanceTimersByTimeAsync(20)
  expect(calls).toEqual([])
  now += 1
  await vi.advanceTimersByTimeAsync(2)
  expect(calls).toEqual([1020.4])
})

test('what is due in a year is not announced at once', async () => {
  vi.useFakeTimers()
  const { listeners, calls } = listening()
  const year = 365 * 86_400_000
  listeners.announceLater('transcode', year)
  await vi.advanceTimersByTimeAsync(year / 2)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(year / 2 + 2)
  expect(calls).toHaveLength(1)
})

test('who has stopped hears nothing more', async () => {
  vi.useFakeTimers()
  const { listeners, calls } = listening()
  listeners.announceLater('transcode', 20)
  listeners.announce('transcode')
  listeners.stop()
  listeners.announceLater('transcode', 0)
  await vi.advanceTimersByTimeAsync(100)
  expect(calls).toEqual([])
})
