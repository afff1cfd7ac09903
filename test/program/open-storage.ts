import { join } from 'node:path'
import type { Database } from '../../src/storage/database-tables.ts'
import { openPostgres } from '../../src/storage/postgres/postgres-database.ts'
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts'
import { storageSettings } from './test-storage.ts'

/** Opens the database of a data folder on which no server runs. */
export async function openTestStorage(folder: string): Promise<Database> {
  const { NIGHTJAR_DATABASE: url } = storageSettings(folder)
  if (url !== undefined) return (await openPostgres({ url, folder })).db
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  return openDatabase(files).db
}
