import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { expectNothingLost } from '../crash/expect-nothing-lost.ts'
import { longStory } from '../fixtures/long-story.ts'

const timeMachine = fileURLToPath(new URL('../../../shared/books/the-time-machine.epub', import.meta.url))

test('killed again and again while it speaks in two voices: neither is lost, nothing differs', () =>
  expectNothingLost({ book: longStory(2, 40), chapters: [1, 2], kills: 4, twoVoices: true }))

test.skipIf(!existsSync(timeMachine))('a real novel survives as well (needs ../shared/books)', () =>
  expectNothingLost({ book: timeMachine, chapters: [2, 3], kills: 3 }),
)
