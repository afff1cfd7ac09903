import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { expect, test } from 'vitest'
import { HeldJobs, type JobPayload } from './held-jobs.ts'

test('a job that was lost to another server is aborted, and told of once, however long its work takes to end', async () => {
  const warnings: object[] = []
  const ignore = (): void => undefined
  const log = { error: ignore, warn: (details: object) => warnings.push(details), debug: ignore }
  const touched: unknown[] = []
  const touch = (name: string, jobs: unknown) => {
    touched.push([name, jobs])
    return Promise.resolve({ affected: 0 })
  }
  const held = new HeldJobs({ touch } as unknown as PgBoss, { log, asStorageError: (error) => error })
  const row = { id: 'one', retryCount: 0, data: { data: { key: 'a' }, released: 0 } }
  const job = held.hold('transcode', row as JobWithMetadata<JobPayload>, ignore)
  await held.renew()
  expect(job.signal.aborted).toBe(true)
  const asked = touched.length
  for (const _ of [1, 2, 3]) await held.renew()
  expect(warnings).toEqual([{ job: 'transcode', data: { key: 'a' } }])
  expect(touched).toHaveLength(asked)
})

test('jobs that are done in the same turn are completed by one statement, in their attempts', async () => {
  const ignore = (): void => undefined
  const log = { error: ignore, warn: ignore, debug: ignore }
  const completed: unknown[] = []
  const complete = (name: string, attempts: readonly { id: string }[]) => {
    completed.push([name, attempts])
    return Promise.resolve({ settled: attempts.map(({ id }) => id) })
  }
  const held = new HeldJobs({ complete } as unknown as PgBoss, { log, asStorageError: (error) => error })
  const hold = (name: 'plan' | 'pack', id: string, retryCount: number) =>
    held.hold(
      name,
      { id, retryCount, data: { data: {}, released: 0 } } as JobWithMetadata<JobPayload>,
      ignore,
    )
  const jobs = [hold('plan', 'one', 0), hold('pack', 'other', 0), hold('plan', 'two', 3)]
  await Promise.all(jobs.map((job) => job.complete()))
  const [one, two, other] = [
    { id: 'one', retryCount: 0 },
    { id: 'two', retryCount: 3 },
    { id: 'other', retryCount: 0 },
  ]
  expect(completed).toEqual([
    ['plan', [one, two]],
    ['pack', [other]],
  ])
})
