import { Client } from 'pg'
import { pino } from 'pino'
import { openPostgresJobQueue } from '../../src/composition/open-job-queue.ts'
import { openPostgres } from '../../src/storage/postgres/postgres-database.ts'
import { PostgresCluster } from './postgres-cluster.ts'
import { templateDatabase, testPostgres } from './test-storage.ts'

/** Of `vitest --mode many`: a PostgreSQL for the whole run, with a database to copy for each test. */
export default async function startStorageServices(): Promise<() => void> {
  const cluster = await startPostgres()
  return () => cluster[Symbol.dispose]()
}

/** Starts a PostgreSQL in which `storageSettings` makes databases. `durable`: as people have it, not as tests need it. */
export async function startPostgres({ durable = false } = {}): Promise<PostgresCluster> {
  const cluster = new PostgresCluster({ durable })
  const client = new Client(cluster.url())
  await client.connect()
  await client.query(`CREATE DATABASE ${templateDatabase}`)
  await client.end()
  const { db } = await openPostgres({ url: cluster.url(templateDatabase), folder: 'the template' })
  await (await openPostgresJobQueue(cluster.url(templateDatabase), db, pino({ level: 'silent' }))).stop(0)
  await db.destroy()
  process.env[testPostgres] = cluster.url()
  return cluster
}
