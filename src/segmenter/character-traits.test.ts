import { expect, test } from 'vitest'
import { attached, digit, letter, lower, space, traitsAt, unusual, upper } from './character-traits.ts'

const classes = [
  [letter, /\p{L}/u],
  [upper, /\p{Lu}/u],
  [lower, /\p{Ll}/u],
  [digit, /\p{N}/u],
  [space, /\s/u],
] as const

test('each unit has the traits of its character, whichever was looked up before', () => {
  const wrong: string[] = []
  // From both ends, so that no run of units is asked for in order.
  for (let step = 0; step < 0x10000; step++) {
    const unit = step % 2 === 0 ? step >> 1 : 0xffff - (step >> 1)
    const isSurrogate = unit >= 0xd800 && unit < 0xe000
    const character = String.fromCharCode(unit)
    const traits = traitsAt(character, 0)
    const expected = classes.flatMap(([trait, pattern]) =>
      !isSurrogate && pattern.test(character) ? [trait] : [],
    )
    const found = classes.flatMap(([trait]) => (traits & trait ? [trait] : []))
    const isRight = isSurrogate
      ? traits === (unit < 0xdc00 ? unusual : attached | unusual)
      : found.join() === expected.join()
    if (!isRight) wrong.push(unit.toString(16))
  }
  expect(wrong).toEqual([])
})

test('outside of the text there are no traits', () => {
  expect([-1, 1].map((index) => traitsAt('a', index))).toEqual([0, 0])
})
