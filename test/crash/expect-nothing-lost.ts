import { expect } from 'vitest'
import { onPostgres } from '../program/test-storage.ts'
import { type CrashRun, crashRun } from './crash-run.ts'

/** Expects of a run with kills that nothing was lost, nothing differs and little was spoken twice. */
export async function expectNothingLost(run: Omit<CrashRun, 'speakers'>): Promise<void> {
  const speakers = 2
  const figures = await crashRun({ ...run, speakers })
  expect(figures).toMatchObject({
    lost: 0,
    wentBack: 0,
    completed: figures.acknowledged,
    differing: [],
    integrity: onPostgres ? [] : ['ok', 'ok'],
    strayFiles: [],
  })
  expect(figures.spokenTwice).toBeLessThanOrEqual(run.kills * speakers)
}
