import { expect, test } from 'vitest'
import { OwnScroll } from './own-scroll.ts'

test('a scroll on the way to its goal is the page’s own; one that leads away is the reader’s, and ends it', () => {
  const own = new OwnScroll(5000)
  own.start(100, 600, 5000)
  expect([180, 420, 599.6, 600].map((at) => own.explains(at, 5000))).toEqual([true, true, true, true])
  expect(own.explains(590, 5000)).toBe(false)
  expect(own.explains(600, 5000)).toBe(false)
})

test('a slow scroll away is told from one that comes to rest', () => {
  const own = new OwnScroll(5000)
  own.start(100, 600, 5000)
  expect([600, 601, 602].map((at) => own.explains(at, 5000))).toEqual([true, true, false])
})

test('a scroll that nobody began is the reader’s, unless the page became longer or shorter', () => {
  const own = new OwnScroll(5000)
  expect(own.explains(900, 5000)).toBe(false)
  expect(own.explains(950, 5200)).toBe(true)
  expect(own.explains(960, 5200)).toBe(false)
})

test('a goal behind the end of the page is its end', () => {
  const own = new OwnScroll(5000)
  own.start(4500, 9000, 5000)
  expect(own.explains(5000, 5000)).toBe(true)
  expect(own.explains(4000, 5000)).toBe(false)
})
