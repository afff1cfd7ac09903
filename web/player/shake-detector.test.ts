import { expect, test } from 'vitest'
import { ShakeDetector } from './shake-detector.ts'

test('two jolts within a second are a shake; one is the device being put down', () => {
  const detector = new ShakeDetector()
  expect(detector.felt(20, 0)).toBe(false)
  expect(detector.felt(2, 100)).toBe(false)
  // The same jolt, still going on.
  expect(detector.felt(20, 40)).toBe(false)
  expect(detector.felt(15, 300)).toBe(true)
  expect(detector.felt(15, 3000)).toBe(false)
})
