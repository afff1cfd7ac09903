import { expect, test } from 'vitest'
import { catchUp, SpeakingPace } from './speaking-pace.ts'

test('how fast a chapter is spoken is known after a moment, and forgotten after a minute', () => {
  const pace = new SpeakingPace()
  pace.reset(1000)
  pace.spoken(2000, 10)
  expect(pace.at(3000)).toBeUndefined()
  pace.spoken(5000, 10)
  expect(pace.at(11_000)).toBeCloseTo(2)
  expect(pace.at(71_000)).toBe(0)
  pace.reset(72_000)
  expect(pace.at(73_000)).toBeUndefined()
})

test('the listener catches up with a slower speaker, unless the chapter is ready before', () => {
  const course = { ready: 120, unspoken: 600, speaking: 0.5, rate: 1 }
  expect(catchUp(course)).toBe(240)
  expect(catchUp({ ...course, rate: 2 })).toBe(80)
  expect(catchUp({ ...course, speaking: 2 })).toBe('never')
  expect(catchUp({ ...course, unspoken: 100 })).toBe('never')
  expect(catchUp({ ...course, unspoken: 0, speaking: undefined })).toBe('never')
  expect(catchUp({ ...course, speaking: undefined })).toBe('unknown')
  expect(catchUp({ ...course, speaking: 0 })).toBe(120)
})
