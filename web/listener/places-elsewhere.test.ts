import { expect, test } from 'vitest'
import { isFurther } from './places-elsewhere.ts'

test.for([
  [{ chapterNumber: 12, segment: 0 }, { chapterNumber: 3, segment: 80 }, true],
  [{ chapterNumber: 3, segment: 80 }, { chapterNumber: 12, segment: 0 }, false],
  [{ chapterNumber: 3, segment: 83 }, { chapterNumber: 3, segment: 80 }, true],
  [{ chapterNumber: 3, segment: 81 }, { chapterNumber: 3, segment: 80 }, false],
  [{ chapterNumber: 3, segment: 80 }, { chapterNumber: 3, segment: 80 }, false],
] as const)('%j against %j is worth an offer: %j', ([there, here, further]) => {
  expect(isFurther(there, here)).toBe(further)
})
