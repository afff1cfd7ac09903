import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../database-tables.ts'
import { openDatabase } from './sqlite-database.ts'

test('whoever asks the database for one thing after the other holds up nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-turns-'))
  const { db } = openDatabase({
    folder,
    nightjar: join(folder, 'nightjar.db'),
    clips: join(folder, 'clips.db'),
  })
  let turns = 0
  const ended = new AbortController()
  const turn = (): void => {
    turns++
    if (!ended.signal.aborted) setImmediate(turn)
  }
  setImmediate(turn)
  const askFor = async (on: Database, ms: number, enough: () => boolean): Promise<void> => {
    const before = performance.now()
    while (!enough() && performance.now() - before < ms) await sql`SELECT 1`.execute(on)
  }
  // Each query is answered at once; a loop over them left the others no turn until its end.
  await askFor(db, 3000, () => turns > 2)
  expect(turns).toBeGreaterThan(2)
  // Nothing comes in between the statements of a transaction.
  await db.transaction().execute(async (commit) => {
    const before = turns
    await askFor(commit, 50, () => false)
    expect(turns).toBe(before)
  })
  ended.abort()
  await db.destroy()
})
