import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { postgresPrograms } from './postgres-cluster.ts'

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

/** The settings with which a program keeps its data in the storage of this run; the database is made at its first use. */
export function storageSettings(folder: string): Readonly<Record<string, string>> {
  if (process.env[testPostgres] === undefined) return {}
  const name = databaseOf(folder)
  if (!created.has(name)) createDatabase(name)
  created.add(name)
  return { NIGHTJAR_DATABASE: addressOf(name), ...objectSettings(name) }
}

/** A store of its own in the run's S3 server, if there is one. */
function objectSettings(name: string): Readonly<Record<string, string>> {
  const template = process.env[testObjects]
  return template === undefined ? {} : JSON.parse(template.replace(objectsFolder, name))
}

/** A program of Node that sends one statement to the server of an address. */
const sendStatement = `
const { Client } = require('pg')
const client = new Client(process.argv[1])
client.connect().then(() => client.query(process.argv[2])).then(() => client.end(), (error) => {
  console.error(error.message)
  process.exit(1)
})`

/**
 * Makes a database unless it is there. Synchronous, as is the start of a process; by PostgreSQL's own program, which takes a
 * hundredth of the time of a Node with a client. The npm package has no such program.
 */
function createDatabase(name: string): void {
  const program = join(postgresPrograms() ?? '', 'createdb')
  const [command, args] = existsSync(program)
    ? [program, [`--maintenance-db=${addressOf('postgres')}`, `--template=${templateDatabase}`, name]]
    : [
        process.execPath,
        ['-e', sendStatement, addressOf('postgres'), `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`],
      ]
  const { status, error, stderr } = spawnSync(command, args, {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  })
  if (status !== 0 && !stderr?.includes('already exists'))
    throw error ?? new Error(`no database could be made: ${stderr}`)
}

/** Removes the database of a data folder, whoever still uses it. */
export async function dropStorage(folder: string): Promise<void> {
  if (!created.delete(databaseOf(folder))) return
  const client = new Client(addressOf('postgres'))
  await client.connect()
  try {
    await client.query(`DROP DATABASE IF EXISTS ${databaseOf(folder)} WITH (FORCE)`)
  } finally {
    await client.end()
  }
}
