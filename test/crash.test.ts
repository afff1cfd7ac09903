import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type CrashRun, crashRun } from './crash/crash-run.ts'
import { longStory } from './fixtures/long-story.ts'

const timeMachine = fileURLToPath(new URL('../../shared/books/the-time-machine.epub', import.meta.url))

async function survives(run: Omit<CrashRun, 'speakers'>): Promise<void> {
  const speakers = 2
  const figures = await crashRun({ ...run, speakers })
  expect(figures).toMatchObject({
    lost: 0,
    wentBack: 0,
    completed: figures.acknowledged,
    differing: [],
    integrity: ['ok', 'ok'],
    strayFiles: [],
  })
  expect(figures.spokenTwice).toBeLessThanOrEqual(run.kills * speakers)
}

test(
  'server and speakers killed again and again: nothing is lost, nothing differs',
  { timeout: 300_000 },
  () => survives({ book: longStory(3, 30), chapters: [1, 2, 3], kills: 5 }),
)

test.skipIf(!existsSync(timeMachine))(
  'a real novel survives as well (needs ../shared/books)',
  { timeout: 300_000 },
  () => survives({ book: timeMachine, chapters: [2, 3], kills: 3 }),
)
