import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HeldJob, JobQueue, Jobs, WorkOptions } from '../../src/jobs/job-queue.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { waitUntil } from '../program/wait-until.ts'

interface OpenJobQueue {
  readonly queue: JobQueue
  /** For queues between processes: the queue of another server. */
  readonly other?: JobQueue
  /** A database whose transactions it takes part in. */
  readonly db: Database
  /** What it logged as an error, of all servers. */
  readonly logged: readonly object[]
  close(): Promise<void>
}

type Transcode = HeldJob<Jobs['transcode']>

const once: WorkOptions = { concurrency: () => 1, retries: 0, backoffMs: () => 0 }

/** What every job queue promises, as tests. */
export function jobQueueContract(name: string, open: () => Promise<OpenJobQueue>): void {
  describe(`the job queue ${name}`, () => {
    let here: OpenJobQueue
    let queue: JobQueue
    beforeEach(async () => {
      here = await open()
      queue = here.queue
    })
    afterEach(() => here.close())

    const send = (key: string, options?: Parameters<JobQueue['send']>[2]) =>
      queue.send('transcode', { key }, options)
    const keysOf = (jobs: readonly Transcode[]) => jobs.map(({ data }) => data.key)
    const takeOne = async (): Promise<Transcode> => {
      const taken: Transcode[] = []
      await waitUntil(async () => taken.push(...(await queue.take('transcode', 1))) > 0)
      return taken[0]!
    }

    test('runs each job once while nothing fails, with the data that were sent', async () => {
      const data = Array.from({ length: 60 }, (_, index) => ({ key: `"é${index}'\\😀` }))
      const run: string[] = []
      const handler = async ({ key }: Jobs['transcode']) => {
        await wait(1)
        run.push(key)
      }
      const options = { ...once, concurrency: () => 4 }
      await using _ = queue.work('transcode', options, handler)
      await using second = (here.other ?? queue).work('transcode', options, handler)
      second.wake()
      await queue.sendAll(
        'transcode',
        data.map((each) => ({ data: each })),
      )
      for (const each of data) await queue.send('transcode', { key: `one by one ${each.key}` })
      await waitUntil(() => run.length >= 120)
      await waitUntil(async () => (await queue.counts()).get('transcode')?.active === 0)
      expect(run.toSorted()).toEqual(data.flatMap(({ key }) => [key, `one by one ${key}`]).toSorted())
      expect(here.logged).toEqual([])
    })

    test('hands them out by priority, then in the order of sending', async () => {
      await queue.sendAll(
        'transcode',
        Array.from({ length: 30 }, (_, index) => ({ data: { key: `plain ${index}` } })),
      )
      await send('last', { priority: -1 })
      await send('first', { priority: 5 })
      const keys = [...keysOf(await queue.take('transcode', 2)), ...keysOf(await queue.take('transcode', 30))]
      const plain = Array.from({ length: 30 }, (_, index) => `plain ${index}`)
      expect(keys).toEqual(['first', ...plain, 'last'])
      expect(await queue.take('transcode', 1)).toEqual([])
    })

    test('never runs more at once than `concurrency`, also when that changes', async () => {
      let [allowed, running, most] = [2, 0, 0]
      const gate = { open: Promise.withResolvers<void>() }
      await using worker = queue.work('transcode', { ...once, concurrency: () => allowed }, async () => {
        running++
        most = Math.max(most, running)
        await gate.open.promise
        running--
      })
      for (let index = 0; index < 12; index++) await send(`${index}`)
      await waitUntil(() => running === 2)
      allowed = 5
      worker.wake()
      await waitUntil(() => running === 5)
      allowed = 1
      const first = gate.open
      gate.open = Promise.withResolvers()
      ;[running, most] = [0, 0]
      first.resolve()
      await waitUntil(() => running === -4)
      running = 1
      most = 1
      gate.open.resolve()
      await waitUntil(async () => (await queue.counts()).get('transcode')?.waiting === 0)
      expect(most).toBe(1)
    })

    test('runs one that comes alone at once, and together those that come soon after it', async () => {
      let run = 0
      const options = { ...once, concurrency: () => 4, gatherMs: 200 }
      const takes: number[] = []
      const take = queue.take.bind(queue)
      vi.spyOn(queue, 'take').mockImplementation(async (name, limit) => {
        const taken = await take(name, limit)
        if (name === 'transcode' && taken.length > 0) takes.push(taken.length)
        return taken
      })
      await using _ = queue.work('transcode', options, async () => void run++)
      await queue.sendAll(
        'transcode',
        Array.from({ length: 8 }, (_none, index) => ({ data: { key: `${index}` } })),
      )
      await waitUntil(() => run === 8)
      expect(takes[0]).toBe(1)
      // Fewer than four while the end of the first is being stored.
      expect(takes[1]).toBeGreaterThan(2)
      await waitUntil(async () => (await queue.counts()).get('transcode')?.active === 0)
    })

    test('tries a job again after its delay, and gives it up after its retries with the reason', async () => {
      const attempts: number[] = []
      const options = { concurrency: () => 1, retries: 2, backoffMs: (attempt: number) => attempt * 20 }
      await using _ = queue.work('transcode', options, async ({ key }, { attempt }) => {
        if (key === 'good') return
        attempts.push(attempt)
        throw new Error('the encoder broke')
      })
      await send('bad')
      await send('good')
      await waitUntil(() => here.logged.length > 0)
      expect(attempts).toEqual([1, 2, 3])
      expect(here.logged).toMatchObject([
        { job: 'transcode', data: { key: 'bad' }, attempts: 3, reason: 'the encoder broke' },
      ])
      await waitUntil(async () => (await queue.counts()).get('transcode')?.active === 0)
      expect((await queue.counts()).get('transcode')).toMatchObject({ waiting: 0, active: 0 })
    })

    test('sends what is sent in a transaction if and when that commits', async () => {
      const { db } = here
      const broken = db.transaction().execute(async (transaction) => {
        await send('rolled back', { transaction })
        throw new Error('rolled back')
      })
      await expect(broken).rejects.toThrow('rolled back')
      const available = Promise.withResolvers<void>()
      await db.transaction().execute(async (transaction) => {
        await send('committed', { transaction })
        await queue.sendAll('transcode', [{ data: { key: 'with it' } }], { transaction })
        expect(await queue.take('transcode', 9)).toEqual([])
        queue.onAvailable('transcode', available.resolve)
      })
      await available.promise
      const keys: string[] = []
      await waitUntil(async () => keys.push(...keysOf(await queue.take('transcode', 9))) >= 2)
      expect(keys).toEqual(['committed', 'with it'])
    })

    test('drops a second of one key while the first waits, and runs it after the first, never beside it', async () => {
      await send('waits', { singletonKey: 'one' })
      await send('is dropped', { singletonKey: 'one' })
      await queue.sendAll('transcode', [
        { data: { key: 'is dropped, too' }, singletonKey: 'one' },
        { data: { key: 'of another key' }, singletonKey: 'two' },
        { data: { key: 'without a key' } },
        { data: { key: 'without a key, either' } },
      ])
      const [first, ...others] = await queue.take('transcode', 9)
      expect(first?.data.key).toBe('waits')
      expect(keysOf(others)).toEqual(['of another key', 'without a key', 'without a key, either'])
      await send('is next', { singletonKey: 'one' })
      await send('is dropped again', { singletonKey: 'one' })
      expect(await (here.other ?? queue).take('transcode', 9)).toEqual([])
      await first?.complete()
      expect(keysOf([await takeOne()])).toEqual(['is next'])
    })

    test('forgets a cancelled job that waits; one under way is aborted and waited for', async () => {
      const began: string[] = []
      let ended = false
      await using _ = queue.work('transcode', once, async ({ key }, { signal }) => {
        began.push(key)
        if (key !== 'runs') return
        await wait(60_000, undefined, { signal }).catch(() => undefined)
        await wait(20)
        ended = true
        throw new Error('aborted')
      })
      await send('runs', { singletonKey: 'one' })
      await waitUntil(() => began.length > 0)
      await send('waits', { singletonKey: 'one' })
      await send('of another key', { singletonKey: 'two' })
      await queue.cancel('transcode', 'one')
      expect(ended).toBe(true)
      await waitUntil(() => began.length > 1)
      expect(began).toEqual(['runs', 'of another key'])
      expect(here.logged).toEqual([])
      await send('is sent anew', { singletonKey: 'one' })
      await waitUntil(() => began.includes('is sent anew'))
    })

    test('holds what is taken until it is completed, has failed or is released', async () => {
      await send('one')
      const job = await takeOne()
      expect(await queue.take('transcode', 9)).toEqual([])
      await job.release()
      const again = await takeOne()
      expect(again).toMatchObject({ attempt: 1, data: { key: 'one' } })
      await again.fail('it broke', 0)
      const retried = await takeOne()
      expect(retried.attempt).toBe(2)
      await retried.complete()
      await retried.fail('too late', 0)
      await job.complete()
      expect(await queue.take('transcode', 9)).toEqual([])
      expect((await queue.counts()).get('transcode')).toMatchObject({ waiting: 0, active: 0 })
      expect(here.logged).toEqual([])
    })

    test('takes a job not before it is due, and tells when it is', async () => {
      const sentAt = Date.now()
      await send('later', { delayMs: 300 })
      const [early] = await queue.take('transcode', 1)
      // A machine may stand still for longer than that. A timer's and a database's clock differ by a few milliseconds.
      if (early) expect(Date.now() - sentAt).toBeGreaterThanOrEqual(290)
      await early?.release()
      const due = Promise.withResolvers<string>()
      queue.onAvailable('transcode', () => {
        queue
          .take('transcode', 1)
          .then(([job]) => job && due.resolve(job.data.key))
          .catch(due.reject)
      })
      expect(await due.promise).toBe('later')
    })

    test('tells those who listen to a name; one that throws is logged and stops no other', async () => {
      const told: string[] = []
      queue.onAvailable('pack', () => told.push('pack'))
      queue.onAvailable('transcode', () => {
        throw new Error('a listener broke')
      })
      const disposed = queue.onAvailable('transcode', () => told.push('disposed'))
      disposed[Symbol.dispose]()
      queue.onAvailable('transcode', () => told.push('transcode'))
      await send('one')
      await waitUntil(() => told.length > 0 && here.logged.length > 0)
      expect(new Set(told)).toEqual(new Set(['transcode']))
      expect(here.logged[0]).toMatchObject({ err: { message: 'a listener broke' } })
    })

    test('counts what waits and what runs, by name, also of a lane of its own', async () => {
      await send('one')
      await send('two')
      await send('three', { delayMs: 60_000 })
      const run = { casting: 'c', chapterId: 7, from: 0, to: 20 }
      await queue.send('speak-run/parrot', run, { priority: 2 })
      const taken = await takeOne()
      const counts = await queue.counts()
      expect(counts.get('transcode')).toMatchObject({ waiting: 2, active: 1 })
      expect(counts.get('transcode')?.oldestSeconds).toBeGreaterThanOrEqual(0)
      expect(counts.get('speak-run/parrot')).toMatchObject({ waiting: 1, active: 0 })
      expect(counts.get('speak-run')?.waiting ?? 0).toBe(0)
      expect(await queue.take('speak-run', 1)).toEqual([])
      expect((await queue.take('speak-run/parrot', 1))[0]?.data).toEqual(run)
      await taken.complete()
    })

    test('stopped, takes nothing more and waits for what is under way', async () => {
      const done = Promise.withResolvers<void>()
      const began: string[] = []
      const aborted: boolean[] = []
      queue.work('transcode', once, async ({ key }, { signal }) => {
        began.push(key)
        await done.promise
        aborted.push(signal.aborted)
      })
      await send('under way')
      await waitUntil(() => began.length > 0)
      await send('waits')
      const stopped = queue.stop(60_000)
      done.resolve()
      await stopped
      expect(began).toEqual(['under way'])
      expect(aborted).toEqual([false])
      expect(await queue.take('transcode', 1)).toEqual([])
    })

    test('stopped, aborts what is not done in time', async () => {
      const began = Promise.withResolvers<void>()
      const aborted = Promise.withResolvers<void>()
      queue.work('transcode', once, async (_, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve())
        began.resolve()
        await aborted.promise
        throw new Error('aborted')
      })
      await send('takes long')
      await began.promise
      await queue.stop(0)
      await aborted.promise
      if (here.other) {
        const again: Transcode[] = []
        await waitUntil(async () => again.push(...((await here.other?.take('transcode', 1)) ?? [])) > 0)
        expect(again[0]).toMatchObject({ attempt: 1, data: { key: 'takes long' } })
      }
      expect(here.logged).toEqual([])
    })
  })
}
