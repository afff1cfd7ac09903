import { expect, test } from 'vitest'
import { localDay } from './hours-keeper.ts'
import { lastDays, secondsByDay } from './listening-days.ts'

test('days are those of the device’s clock, without a gap over the end of a month', () => {
  expect(localDay(new Date(2026, 0, 5, 0, 1))).toBe('2026-01-05')
  expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  expect(lastDays(new Date(2026, 2, 2, 23, 30), 4)).toEqual([
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
    '2026-03-02',
  ])
})

test('the time of all novels on a day is added up', () => {
  const of = (novelId: string, day: string, wallSeconds: number) => ({
    novelId,
    day,
    wallSeconds,
    audioSeconds: 0,
  })
  const listened = [of('a', '2026-03-01', 60), of('b', '2026-03-01', 30), of('a', '2026-01-01', 5)]
  expect(secondsByDay(listened, ['2026-02-28', '2026-03-01'])).toEqual([0, 90])
})
