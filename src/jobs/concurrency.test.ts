import { setImmediate as settled } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { Alarm, Semaphore } from './concurrency.ts'

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { work: () => promise, open: resolve }
}

test('with two permits a third task waits until one ends, and tasks start in order of arrival', async () => {
  const permits = new Semaphore(2)
  const [a, b, c, d] = [gate(), gate(), gate(), gate()]
  const order: string[] = []
  const all = Object.entries({ a, b, c, d }).map(([name, { work }]) =>
    permits.run(async () => {
      order.push(name)
      await work()
    }),
  )
  await settled()
  expect(order).toEqual(['a', 'b'])
  b.open()
  await settled()
  expect(order).toEqual(['a', 'b', 'c'])
  for (const { open } of [a, c, d]) open()
  await Promise.all(all)
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('a waiter that is aborted takes no permit; a task that fails releases its permit', async () => {
  const permits = new Semaphore(1)
  const first = gate()
  const running = permits.run(first.work)
  const aborted = new AbortController()
  const waiting = permits.run(() => Promise.resolve('ran'), aborted.signal)
  aborted.abort(new Error('aborted'))
  await expect(waiting).rejects.toThrow('aborted')
  first.open()
  await running
  await expect(permits.run(() => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
  expect(await permits.run(() => Promise.resolve('ran'))).toBe('ran')
})

test('a waiter that is aborted while it gets its permit does not remove another waiter', async () => {
  const permits = new Semaphore(1)
  const first = gate()
  const aborted = new AbortController()
  const running = permits.run(async () => {
    await first.work()
    // After the permit is handed over and before the next task starts: its new owner is aborted.
    queueMicrotask(() => queueMicrotask(() => aborted.abort(new Error('aborted'))))
  })
  const second = permits.run(() => Promise.resolve('second'), aborted.signal).catch(() => 'left')
  const third = permits.run(() => Promise.resolve('third'))
  first.open()
  await running
  expect(['second', 'left']).toContain(await second)
  expect(await third).toBe('third')
})

test('an alarm for the end of a month rings then, and not at once', async () => {
  vi.useFakeTimers()
  try {
    const month = 31 * 86_400_000
    let rung = 0
    new Alarm(() => rung++).set(Date.now() + month)
    await vi.advanceTimersByTimeAsync(month - 1)
    expect(rung).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(rung).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})
