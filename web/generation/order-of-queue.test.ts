import { expect, test } from 'vitest'
import { orderAfter } from './order-of-queue.ts'

test('an id is put before or after another, or at an end; next to one that has gone it stays', () => {
  const order = ['a', 'b', 'c', 'd']
  expect(orderAfter(order, 'c', { before: 'a' })).toEqual(['c', 'a', 'b', 'd'])
  expect(orderAfter(order, 'a', { after: 'c' })).toEqual(['b', 'c', 'a', 'd'])
  expect(orderAfter(order, 'b', { at: 'bottom' })).toEqual(['a', 'c', 'd', 'b'])
  expect(orderAfter(order, 'b', { at: 'top' })).toEqual(['b', 'a', 'c', 'd'])
  expect(orderAfter(order, 'b', { before: 'gone' })).toEqual(order)
})
