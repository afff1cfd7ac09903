import { test } from 'vitest'
import { expectNothingLost } from './crash/expect-nothing-lost.ts'
import { longStory } from './fixtures/long-story.ts'

test(
  'server and speakers killed again and again: nothing is lost, nothing differs',
  { timeout: 600_000 },
  () => expectNothingLost({ book: longStory(3, 30), chapters: [1, 2, 3], kills: 5 }),
)
