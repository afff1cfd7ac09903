import { pino } from 'pino'
import { expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import { saveServer } from '../../storage/queries/server-queries.ts'
import { InProcessJobQueue } from '../in-process/in-process-job-queue.ts'
import { releaseFormerServer } from './former-server.ts'

const log = pino({ level: 'silent' })

/** Tells how often it was asked to give all back. */
class CountingQueue extends InProcessJobQueue {
  asked = 0

  override async giveBackAll(): Promise<number> {
    this.asked++
    return super.giveBackAll()
  }
}

async function claim(db: Database, server: string, word: number): Promise<void> {
  const bytes = new Uint8Array(16).fill(word)
  const place = { chapterId: 1, idx: word, attempts: 0, until: Date.now() + 30_000 }
  await db
    .insertInto('claims')
    .values({ recipe: bytes, words: bytes, lease: `${server}-${word}`, server, ...place })
    .execute()
}

async function claimsLeft(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('claims').select('server').orderBy('server').execute()
  return rows.map(({ server }) => server)
}

test('claims of the former server of a data folder are released, those of others are not', async () => {
  const db = await emptyDatabase()
  const jobs = new CountingQueue(log)
  for (const [at, server] of ['aaaaaaaa', 'aaaaaaaa', 'bbbbbbbb'].entries()) await claim(db, server, at)
  await saveServer(db, { id: 'aaaaaaaa', address: 'http://a', state: JSON.stringify({ machines: [] }) })
  const parts = { db, jobs, log, isAlone: async () => false }
  await releaseFormerServer(parts, undefined)
  expect(await claimsLeft(db)).toHaveLength(3)
  await releaseFormerServer(parts, 'aaaaaaaa')
  expect(await claimsLeft(db)).toEqual(['bbbbbbbb'])
})

test('what machines hold of a former server stays theirs: they hand it in', async () => {
  const db = await emptyDatabase()
  await claim(db, 'aaaaaaaa', 1)
  await saveServer(db, { id: 'aaaaaaaa', address: 'http://a', state: JSON.stringify({ machines: [{}] }) })
  const parts = { db, jobs: new CountingQueue(log), log, isAlone: async () => true }
  await releaseFormerServer(parts, 'aaaaaaaa')
  expect(await claimsLeft(db)).toEqual(['aaaaaaaa'])
})

test('jobs are given back only where no session tells of another server', async () => {
  const db = await emptyDatabase()
  const jobs = new CountingQueue(log)
  const release = (alone: boolean) =>
    releaseFormerServer({ db, jobs, log, isAlone: async () => alone }, 'aaaaaaaa')
  await saveServer(db, { id: 'aaaaaaaa', address: 'http://x', state: '{"machines":[]}' })
  await release(false)
  expect(jobs.asked).toBe(0)
  await release(true)
  expect(jobs.asked).toBe(1)
})

test('a server with a new data folder gives back what one held that was killed a moment ago', async () => {
  const db = await emptyDatabase()
  const jobs = new CountingQueue(log)
  for (const [at, server] of ['aaaaaaaa', 'bbbbbbbb'].entries()) await claim(db, server, at)
  await saveServer(db, { id: 'aaaaaaaa', address: 'http://a', state: '{"machines":[]}' })
  await saveServer(db, { id: 'bbbbbbbb', address: 'http://b', state: '{"machines":[{}]}' })
  await releaseFormerServer({ db, jobs, log, isAlone: async () => true, reopenMs: 10 }, undefined)
  expect(await claimsLeft(db)).toEqual(['bbbbbbbb'])
  expect(jobs.asked).toBe(1)
})

test('a server that lives, and whose session was lost a moment ago, keeps what it holds', async () => {
  const db = await emptyDatabase()
  const jobs = new CountingQueue(log)
  await claim(db, 'aaaaaaaa', 1)
  await saveServer(db, { id: 'aaaaaaaa', address: 'http://a', state: '{"machines":[]}' })
  let asked = 0
  const isAlone = async () => ++asked < 5
  await releaseFormerServer({ db, jobs, log, isAlone, reopenMs: 10 }, undefined)
  expect(await claimsLeft(db)).toEqual(['aaaaaaaa'])
  expect(jobs.asked).toBe(0)
})
