import { expect, test } from 'vitest'
import { fourier } from './fourier.ts'

test.each([1, 2, 6, 12, 60, 100, 600, 1200])('%i samples agree with the sum of the definition', (size) => {
  const [re, im] = [noise(size, 1), noise(size, 2)]
  const expected = byDefinition(re, im)
  fourier(size).transform(re, im)
  expect(distance(re, expected.re)).toBeLessThan(1e-9)
  expect(distance(im, expected.im)).toBeLessThan(1e-9)
})

test('transform and inverse give the signal scaled by its size', () => {
  const plan = fourier(1200)
  const [re, im] = [noise(1200, 3), noise(1200, 4)]
  const before = re.slice()
  plan.transform(re, im)
  plan.transform(im, re)
  expect(
    distance(
      re.map((value) => value / 1200),
      before,
    ),
  ).toBeLessThan(1e-9)
})

test('a length with a prime factor above 5 is refused', () => {
  expect(() => fourier(14)).toThrow('No Fourier plan for 14 samples')
})

function noise(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => Math.sin(seed * 997 + n * n * 12.9898))
}

function byDefinition(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const size = re.length
  const out = { re: new Float64Array(size), im: new Float64Array(size) }
  for (let k = 0; k < size; k++) {
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * ((k * n) % size)) / size
      out.re[k]! += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle)
      out.im[k]! += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle)
    }
  }
  return out
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0)
}
