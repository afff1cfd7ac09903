import { expect, test } from 'vitest'
import { emptyDatabase } from '../../test/fixtures/small-novel.ts'
import { delayMs, limitAttempts } from './attempts.ts'

const wrong = async (): Promise<undefined> => undefined

test('three wrong attempts cost nothing, each further one twice as much, and never more than a quarter of an hour', () => {
  const delays = Array.from({ length: 20 }, (_, at) => delayMs(at + 1) / 1000)
  expect(delays.slice(0, 6)).toEqual([0, 0, 2, 4, 8, 16])
  expect(Math.max(...delays)).toBe(900)
})

test('who is too early is not looked at, others are, and a right one begins anew', async () => {
  const db = await emptyDatabase()
  const at = (now: number, address = '10.0.0.1', name = 'ada') => ({ now, address, name })
  for (const now of [1000, 1001, 1002]) await limitAttempts(db, at(now), wrong)
  let looked = 0
  const right = async (): Promise<true> => {
    looked += 1
    return true
  }
  await expect(limitAttempts(db, at(2000), right)).rejects.toMatchObject({
    code: 'account.slow',
    details: { seconds: 2 },
  })
  expect(looked).toBe(0)
  expect(await limitAttempts(db, at(2000, '10.0.0.2'), right)).toBe(true)
  expect(await limitAttempts(db, at(2000, '10.0.0.1', 'ben'), right)).toBe(true)
  expect(await limitAttempts(db, at(3002), right)).toBe(true)
  for (const now of [4000, 4001]) await limitAttempts(db, at(now), wrong)
  expect(await limitAttempts(db, at(4002), right)).toBe(true)
  await db.destroy()
})

test('many at once are counted one by one', async () => {
  const db = await emptyDatabase()
  const attempt = { now: 1000, address: '10.0.0.1', name: 'ada' }
  let looked = 0
  const all = await Promise.allSettled(
    Array.from({ length: 12 }, () =>
      limitAttempts(db, attempt, async () => {
        looked += 1
        return undefined
      }),
    ),
  )
  expect(looked).toBe(3)
  expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(9)
  await db.destroy()
})

test('addresses of one network of IPv6 are one', async () => {
  const db = await emptyDatabase()
  for (const host of ['1', 'a:b:c:d', 'ffff']) {
    await limitAttempts(
      db,
      { now: 1000, address: `2001:db8:1:2::${host}`.replace('::a', ':a'), name: 'ada' },
      wrong,
    )
  }
  const early = (address: string) => limitAttempts(db, { now: 1001, address, name: 'ada' }, wrong)
  await expect(early('2001:db8:1:2::77')).rejects.toMatchObject({ code: 'account.slow' })
  await expect(early('2001:db8:1:3::77')).resolves.toBeUndefined()
  await db.destroy()
})
