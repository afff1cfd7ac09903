import { expect, test } from 'vitest'
import { turnsOf } from '../../../test/program/counted-turns.ts'
import { titleNumbers } from './title-numbers.ts'

test('the titles of a novel are parsed in several turns, once', async () => {
  const titles = Array.from({ length: 2000 }, (_, at) => `Chapter ${at + 1}: The Ferry`)
  let numbers: (number | undefined)[] = []
  expect(await turnsOf(async () => (numbers = await titleNumbers(titles)))).toBeGreaterThanOrEqual(7)
  expect(numbers).toEqual(titles.map((_, at) => at + 1))
  expect(await turnsOf(() => titleNumbers(titles))).toBe(0)
})
