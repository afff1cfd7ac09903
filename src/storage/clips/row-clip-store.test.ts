import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { clipStoreContract } from '../../../test/contracts/clip-store-contract.ts'
import { openTestStorage } from '../../../test/program/open-storage.ts'
import { dropStorage, onPostgres, storageSettings } from '../../../test/program/test-storage.ts'
import type { ClipKey } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { clipRows } from '../queries/clip-queries.ts'
import { RowClipStore } from './row-clip-store.ts'

clipStoreContract(onPostgres ? 'of rows in Postgres' : 'of rows in clips.db', async () => {
  const data = await mkdtemp(join(tmpdir(), 'nightjar-test-'))
  const db = await openTestStorage(data)
  return {
    clips: new RowClipStore(db),
    db,
    address: { data, settings: storageSettings(data) },
    flip: (key) => flip(db, key),
    trouble: onPostgres ? () => readOnly(db) : () => fullFile(db),
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await dropStorage(data)
      await rm(data, { recursive: true })
    },
  }
})

async function flip(db: Database, key: ClipKey): Promise<void> {
  const { id, adts } = await clipRows(db, key).select(['id', 'adts']).executeTakeFirstOrThrow()
  adts[100]! ^= 1
  await db.updateTable('clips.clips').set({ adts }).where('id', '=', id).execute()
}

/** No page more for `clips.db`. */
async function fullFile(db: Database): Promise<AsyncDisposable> {
  await sql`PRAGMA clips.max_page_count = 1`.execute(db)
  return {
    [Symbol.asyncDispose]: async () => void (await sql`PRAGMA clips.max_page_count = 1000000`.execute(db)),
  }
}

/** As on a standby. */
async function readOnly(db: Database): Promise<AsyncDisposable> {
  await sql`SET default_transaction_read_only = on`.execute(db)
  return {
    [Symbol.asyncDispose]: async () => void (await sql`SET default_transaction_read_only = off`.execute(db)),
  }
}
