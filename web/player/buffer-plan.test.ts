import { expect, test } from 'vitest'
import { nextBufferStep } from './buffer-plan.ts'
import type { Place } from './places.ts'

const places = (count: number, seconds = 10): Place[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    from: index * seconds,
    to: (index + 1) * seconds,
    at: index * seconds,
  }))

test('the sentence under the play head comes first', () => {
  const view = { places: places(30), complete: true, time: 75, buffered: [] }
  expect(nextBufferStep(view)).toMatchObject({ kind: 'append', place: { index: 7 } })
})

test('what is there is not fetched again, even when its range is told a little short', () => {
  const buffered = [{ from: 0.04, to: 19.97 }]
  expect(nextBufferStep({ places: places(5), complete: true, time: 3, buffered })).toMatchObject({
    kind: 'append',
    place: { index: 2 },
  })
})

test('two minutes ahead are enough', () => {
  const buffered = [{ from: 0, to: 130 }]
  expect(nextBufferStep({ places: places(60), complete: true, time: 5, buffered })).toEqual({ kind: 'rest' })
})

test('after a jump the gap is filled from the new place on', () => {
  const buffered = [
    { from: 0, to: 20 },
    { from: 60, to: 70 },
  ]
  const view = { places: places(10), complete: true, time: 52, buffered }
  expect(nextBufferStep(view)).toMatchObject({ place: { index: 5 } })
})

test('at the end of what is spoken it waits, at the end of the chapter it ends', () => {
  const view = { places: places(2), time: 19, buffered: [{ from: 0, to: 20 }] }
  expect(nextBufferStep({ ...view, complete: false })).toEqual({ kind: 'wait' })
  expect(nextBufferStep({ ...view, complete: true })).toEqual({ kind: 'end' })
  expect(nextBufferStep({ places: [], complete: false, time: 0, buffered: [] })).toEqual({ kind: 'wait' })
})

test('what was heard long ago makes room, what was heard just now stays', () => {
  const buffered = [{ from: 0, to: 240 }]
  const view = { places: places(40), complete: true, buffered }
  expect(nextBufferStep({ ...view, time: 200 })).toEqual({ kind: 'remove', from: 0, to: 110 })
  expect(nextBufferStep({ ...view, time: 140 }).kind).not.toBe('remove')
})
