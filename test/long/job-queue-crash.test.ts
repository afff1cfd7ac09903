import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { HeldJob, JobQueue, Jobs } from '../../src/jobs/job-queue.ts'
import { isStorageError } from '../../src/storage/storage-errors.ts'
import { PostgresCluster, postgresPrograms } from '../program/postgres-cluster.ts'
import { postgresJobQueue } from '../program/postgres-job-queue.ts'
import { maySkip } from '../program/skip-policy.ts'
import { waitUntil } from '../program/wait-until.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster({ durable: true })
const url = cluster?.url() ?? ''
afterAll(() => cluster?.[Symbol.dispose]())

const program = fileURLToPath(new URL('../program/job-process.ts', import.meta.url))

async function takeOne(queue: JobQueue): Promise<HeldJob<Jobs['transcode']>> {
  const taken: HeldJob<Jobs['transcode']>[] = []
  await waitUntil(async () => taken.push(...(await queue.take('transcode', 1))) > 0)
  return taken[0]!
}

test.skipIf(skipped)(
  'the job of a killed process is taken by another, one that is worked on is not',
  async () => {
    const logged: object[] = []
    await using one = await postgresJobQueue(url, 'kill', logged)
    await using other = await postgresJobQueue(url, 'kill')
    await one.queue.send('transcode', { key: 'takes long' }, { singletonKey: 'long' })
    const long = await takeOne(one.queue)
    await one.queue.send('transcode', { key: 'of the killed' }, { singletonKey: 'key' })
    const child = fork(program, [url, 'kill'])
    expect(await once(child, 'message')).toContain('of the killed')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const taken = await takeOne(other.queue)
    expect(taken).toMatchObject({ attempt: 2, data: { key: 'of the killed' } })
    expect(long.signal.aborted).toBe(false)
    await taken.complete()
    await long.complete()
    expect((await one.queue.counts()).get('transcode')).toMatchObject({ waiting: 0, active: 0 })
  },
)

test.skipIf(skipped)('what was sent and what is worked on survives a restart of Postgres', async () => {
  await using one = await postgresJobQueue(url, 'restart')
  await one.queue.send('transcode', { key: 'under way' })
  const held = await takeOne(one.queue)
  // Does not wait for the disk; but what is written after it does.
  await one.queue.send('speak-run', { casting: 'c', chapterId: 1, from: 0, to: 20 })
  await one.queue.send('transcode', { key: 'sent' })
  cluster?.stop()
  const error: unknown = await one.queue
    .send('transcode', { key: 'refused' })
    .catch((cause: unknown) => cause)
  expect(isStorageError(error)).toBe(true)
  expect(isStorageError(await one.queue.take('transcode', 1).catch((cause: unknown) => cause))).toBe(true)
  const completed = held.complete()
  cluster?.start()
  await completed
  await waitUntil(async () => {
    const counts = await one.queue.counts().catch(() => undefined)
    return counts?.get('transcode')?.active === 0
  })
  expect((await takeOne(one.queue)).data.key).toBe('sent')
  expect((await one.queue.counts()).get('speak-run')?.waiting).toBe(1)
  const told = Promise.withResolvers<void>()
  one.queue.onAvailable('pack', told.resolve)
  await one.queue.send('pack', { casting: 'c', chapterId: 1 })
  await told.promise
})
