import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'

export const templateDatabase = 'nightjar_template'
/** Name of the variable with the address of the run's PostgreSQL; unset: the tests run on SQLite. */
export const testPostgres = 'NIGHTJAR_TEST_POSTGRES'

/** Name of the variable with the settings (JSON) of the run's S3 server; unset: objects are in the data folder. */
export const testObjects = 'NIGHTJAR_TEST_OBJECTS'
/** Whether objects are in a bucket: there is no file of them to look at. */
export const inBucket = process.env[testObjects] !== undefined
/** In those settings, where the folder of a store stands. */
export const objectsFolder = 'FOLDER'

/** Whether the tests run on Postgres. */
export const onPostgres = process.env[testPostgres] !== undefined

/** The same for a data folder each time, so a server that is started again finds what it had. */
function databaseOf(folder: string): string {
  return `t_${createHash('sha1').update(folder).digest('hex')}`
}

function addressOf(database: string): string {
  return (process.env[testPostgres] ?? '').replace('/postgres?', `/${database}?`)
}

const created = new Set<string>()
const script = fileURLToPath(new URL('./create-database.ts', import.meta.url))

/** The settings with which a program keeps its data in the storage of this run; the database is made at its first use. */
export function storageSettings(folder: string): Readonly<Record<string, string>> {
  if (process.env[testPostgres] === undefined) return {}
  const name = databaseOf(folder)
  // Synchronous, as is the start of a process.
  if (!created.has(name))
    execFileSync(process.execPath, [script, name], { stdio: ['ignore', 'ignore', 'pipe'] })
  created.add(name)
  return { NIGHTJAR_DATABASE: addressOf(name), ...objectSettings(name) }
}

/** A store of its own in the run's S3 server, if there is one. */
function objectSettings(name: string): Readonly<Record<string, string>> {
  const template = process.env[testObjects]
  return template === undefined ? {} : JSON.parse(template.replace(objectsFolder, name))
}

/** Makes a database unless it is there. */
export async function createDatabase(name: string): Promise<void> {
  await withServer(async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`)
  })
}

/** Removes the database of a data folder, whoever still uses it. */
export async function dropStorage(folder: string): Promise<void> {
  if (!created.delete(databaseOf(folder))) return
  await withServer((client) => client.query(`DROP DATABASE IF EXISTS ${databaseOf(folder)} WITH (FORCE)`))
}

async function withServer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(addressOf('postgres'))
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
