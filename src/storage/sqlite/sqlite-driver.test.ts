import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { afterCommit } from '../commit-listeners.ts'
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
  // A commit is work of its turn, also when its statements were in another.
  let committed = 0
  await db.transaction().execute(async (commit) => {
    await sql`SELECT 1`.execute(commit)
    await afterCommit(commit, () => {
      committed = turns
      const before = performance.now()
      while (performance.now() - before < 50);
    })
    await yieldToEventLoop()
  })
  await sql`SELECT 1`.execute(db)
  expect(turns).toBeGreaterThan(committed)
  ended.abort()
  await db.destroy()
})
