import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { lockContract } from '../../../test/contracts/lock-contract.ts'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { InProcessLock } from '../in-process/in-process-lock.ts'
import { PostgresLock } from './postgres-lock.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster()
afterAll(() => cluster?.[Symbol.dispose]())

const url = cluster?.url() ?? ''
const open = () => PostgresLock.open(url, new InProcessLock())

async function holdUntilKilled(name: string): Promise<void> {
  const script = fileURLToPath(new URL('../../../test/program/lock-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, url, name], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await using here = await open()
  expect(await here.tryAcquire(name)).toBeUndefined()
  child.kill('SIGKILL')
}

if (!skipped) {
  lockContract(
    'of several servers',
    async () => {
      const lock = await open()
      return { lock, close: () => lock[Symbol.asyncDispose]() }
    },
    holdUntilKilled,
  )
}

test.skipIf(skipped)('one server waits for another', async () => {
  await using one = await open()
  await using other = await open()
  const held = await one.acquire('book')
  expect(await other.tryAcquire('book')).toBeUndefined()
  const waiting = other.acquire('book')
  const left = new AbortController()
  const leaving = other.acquire('book', left.signal)
  left.abort(new Error('left'))
  await expect(leaving).rejects.toThrow('left')
  await held[Symbol.asyncDispose]()
  await using _ = await waiting
  expect(await one.tryAcquire('book')).toBeUndefined()
})

test.skipIf(skipped)(
  'a holder whose connection is lost is told to stop, and the lock can be taken again',
  async () => {
    await using here = await open()
    const held = await here.acquire('book')
    expect(held.signal.aborted).toBe(false)
    cluster?.stop()
    await waitUntil(() => held.signal.aborted)
    await expect(here.tryAcquire('other')).rejects.toThrow('the database does not answer')
    cluster?.start()
    await using there = await open()
    await using taken = await there.acquire('book')
    // Releasing what was lost releases nothing of the new holder.
    await held[Symbol.asyncDispose]()
    expect(taken.signal.aborted).toBe(false)
    await waitUntil(async () => (await here.tryAcquire('other').catch(() => undefined)) !== undefined)
    expect(await here.tryAcquire('book')).toBeUndefined()
  },
)
