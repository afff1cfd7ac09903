import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keptBriefly } from './health-routes.ts'

test('what takes long to be read is kept for a while, and a failure is not', async () => {
  let reads = 0
  const slow = keptBriefly(async () => {
    await wait(200)
    return ++reads
  })
  expect([await slow(), await slow(), await slow()]).toEqual([1, 1, 1])
  let failures = 0
  const failing = keptBriefly(() => Promise.reject(new Error(`${++failures}`)))
  await expect(failing()).rejects.toThrow('1')
  await expect(failing()).rejects.toThrow('2')
})
