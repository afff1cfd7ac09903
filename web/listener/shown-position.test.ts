import { expect, test } from 'vitest'
import { leftAt } from './shown-position.ts'

const left = { chapterNumber: 2, chapterSeconds: 60, seconds: 600, about: false, pace: 15 }
const place = (chapterNumber: number, seconds: number) => ({ chapterNumber, segment: 0, seconds })
const position = { ...place(2, 40), updatedAt: '' }

test('what is left shrinks with what is heard, and never below nothing', () => {
  expect(leftAt({ left, position }, place(2, 50)).left).toMatchObject({ chapterSeconds: 50, seconds: 590 })
  expect(leftAt({ left, position }, place(2, 30)).left).toMatchObject({ chapterSeconds: 70, seconds: 610 })
  expect(leftAt({ left, position }, place(2, 500)).left).toMatchObject({ chapterSeconds: 0, seconds: 540 })
  expect(leftAt({ left }, place(2, 10)).left).toMatchObject({ chapterSeconds: 50 })
  // Of another chapter the server knows.
  expect(leftAt({ left, position }, place(3, 10))).toEqual({})
})
