import { expect, test } from 'vitest'
import { Throughput } from './pace.ts'

test('the pace is seconds of speech per second of wall clock', () => {
  const pace = new Throughput()
  for (let at = 0; at <= 10_000; at += 500) pace.record(10, at)
  expect(pace.rate(10_000)).toEqual({ realTimeFactor: 20, segmentsPerSecond: 2 })
})

test('nothing is said before there is something to judge by, nor after a rest', () => {
  const pace = new Throughput()
  pace.record(5, 0)
  expect(pace.rate(0)).toBeUndefined()
  for (let at = 1000; at <= 5000; at += 1000) pace.record(5, at)
  expect(pace.rate(5000)).toBeDefined()
  expect(pace.rate(200_000)).toBeUndefined()
})

test('after a rest the old figures are forgotten', () => {
  const pace = new Throughput()
  for (let at = 0; at <= 10_000; at += 1000) pace.record(1, at)
  for (let at = 500_000; at <= 510_000; at += 1000) pace.record(30, at)
  expect(pace.rate(510_000)?.realTimeFactor).toBe(30)
})
