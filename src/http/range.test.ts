import { expect, test } from 'vitest'
import { parseRange } from './range.ts'

test('one range in bytes is understood, open at either side', () => {
  expect(parseRange('bytes=0-99', 1000)).toEqual({ start: 0, end: 100 })
  expect(parseRange('bytes=900-', 1000)).toEqual({ start: 900, end: 1000 })
  expect(parseRange('bytes=-100', 1000)).toEqual({ start: 900, end: 1000 })
  expect(parseRange('bytes=990-2000', 1000)).toEqual({ start: 990, end: 1000 })
})

test('what begins beyond the end cannot be satisfied', () => {
  expect(parseRange('bytes=1000-', 1000)).toBe('unsatisfiable')
  expect(parseRange('bytes=-0', 1000)).toBe('unsatisfiable')
})

test('anything else means the whole', () => {
  for (const header of [undefined, '', 'bytes=-', 'items=0-1', 'bytes=0-1,5-6', 'bytes=9-3']) {
    expect(parseRange(header, 1000)).toBeUndefined()
  }
})
