import { setImmediate as settled } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Semaphore } from './concurrency.ts'

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { work: () => promise, open: resolve }
}

test('two places: a third waits until one is done, and comes in the order asked', async () => {
  const places = new Semaphore(2)
  const [a, b, c, d] = [gate(), gate(), gate(), gate()]
  const order: string[] = []
  const all = Object.entries({ a, b, c, d }).map(([name, { work }]) =>
    places.run(async () => {
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

test('who goes away while waiting takes no place; who fails gives it back', async () => {
  const places = new Semaphore(1)
  const first = gate()
  const running = places.run(first.work)
  const gone = new AbortController()
  const waiting = places.run(() => Promise.resolve('ran'), gone.signal)
  gone.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  first.open()
  await running
  await expect(places.run(() => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
  expect(await places.run(() => Promise.resolve('ran'))).toBe('ran')
})

test('who goes away in the moment of getting a place takes no other waiting one along', async () => {
  const places = new Semaphore(1)
  const first = gate()
  const gone = new AbortController()
  const running = places.run(async () => {
    await first.work()
    // Between the end of this work and the turn of the next: the place is handed over, and its owner goes.
    queueMicrotask(() => queueMicrotask(() => gone.abort(new Error('gone'))))
  })
  const second = places.run(() => Promise.resolve('second'), gone.signal).catch(() => 'left')
  const third = places.run(() => Promise.resolve('third'))
  first.open()
  await running
  expect(['second', 'left']).toContain(await second)
  expect(await third).toBe('third')
})
