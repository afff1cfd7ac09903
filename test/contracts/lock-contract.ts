import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Lock, withLock } from '../../src/storage/lock.ts'

interface OpenLock {
  readonly lock: Lock
  close(): Promise<void>
}

/**
 * What every lock promises, as tests. `holdUntilKilled`, for locks between processes: another process acquires this name
 * and is killed while it holds it.
 */
export function lockContract(
  name: string,
  open: () => Promise<OpenLock>,
  holdUntilKilled?: (name: string) => Promise<void>,
): void {
  describe(`the lock ${name}`, () => {
    let here: OpenLock
    beforeEach(async () => {
      here = await open()
    })
    afterEach(() => here.close())

    test('is held by one at a time, in order of arrival', async () => {
      const order: number[] = []
      let holders = 0
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          withLock(here.lock, 'one', async () => {
            expect(++holders).toBe(1)
            order.push(index)
            await turn()
            holders--
          }),
        ),
      )
      expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index))
    })

    test('does not wait for other names', async () => {
      await using _ = await here.lock.acquire('one')
      await using other = await here.lock.acquire('two')
      expect(other).toBeDefined()
    })

    test('is free again when its holder throws, with the same error', async () => {
      const broken = withLock(here.lock, 'one', () => Promise.reject(new Error('broke')))
      const next = withLock(here.lock, 'one', () => Promise.resolve('next'))
      await expect(broken).rejects.toThrow('broke')
      expect(await next).toBe('next')
    })

    test('is not waited for by one that only tries', async () => {
      const held = await here.lock.tryAcquire('one')
      expect(held).toBeDefined()
      expect(await here.lock.tryAcquire('one')).toBeUndefined()
      await held?.[Symbol.asyncDispose]()
      await using again = await here.lock.tryAcquire('one')
      expect(again).toBeDefined()
    })

    test('is released once, however often it is disposed of', async () => {
      const first = await here.lock.acquire('one')
      await first[Symbol.asyncDispose]()
      await using _ = await here.lock.acquire('one')
      await first[Symbol.asyncDispose]()
      expect(await here.lock.tryAcquire('one')).toBeUndefined()
    })

    test('is not given to one whose wait was aborted, but to the next', async () => {
      const held = await here.lock.acquire('one')
      const aborted = new AbortController()
      const waiting = here.lock.acquire('one', aborted.signal)
      const next = here.lock.acquire('one')
      aborted.abort(new Error('left'))
      await expect(waiting).rejects.toThrow('left')
      await held[Symbol.asyncDispose]()
      await (await next)[Symbol.asyncDispose]()
      await expect(here.lock.acquire('one', aborted.signal)).rejects.toThrow('left')
      await using last = await here.lock.tryAcquire('one')
      expect(last).toBeDefined()
    })

    test('is not lost when a wait is aborted while it is given the lock', async () => {
      const held = await here.lock.acquire('one')
      const aborted = new AbortController()
      const waiting = here.lock.acquire('one', aborted.signal).then(
        (got) => got[Symbol.asyncDispose](),
        () => undefined,
      )
      const next = here.lock.acquire('one')
      const released = held[Symbol.asyncDispose]()
      aborted.abort(new Error('left'))
      await Promise.all([released, waiting])
      await (await next)[Symbol.asyncDispose]()
    })

    test.runIf(holdUntilKilled)('is free again when its holder is killed', async () => {
      await holdUntilKilled?.('one')
      await (await here.lock.acquire('one'))[Symbol.asyncDispose]()
    })
  })
}
