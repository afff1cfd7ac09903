import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chaptersOf, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'

const program = fileURLToPath(new URL('./program/replace-chapter-process.ts', import.meta.url))

test('a chapter that is being replaced when the power fails is the old one or the new one, whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-replace-'))
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const first = openDatabase(files)
  const novelId = await insertSmallNovel(first.db, [['One.'], ['Two.']])
  await first.db.destroy()
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, [program, folder, files.nightjar, files.clips, novelId], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    for (let told = 0; told <= round; told += 1) await once(child.stdout, 'data')
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const { db } = openDatabase(files)
    const chapters = await chaptersOf(db, novelId)
    expect(chapters.map(({ number, title }) => [number, title])).toEqual([
      [1, 'One'],
      [2, 'Chapter 2'],
    ])
    for (const { id, segmentCount } of chapters) {
      expect((await segmentsOf(db, id)).length).toBe(segmentCount)
      const rows = await db.selectFrom('segments').select('idx').where('chapterId', '=', id).execute()
      expect(rows).toHaveLength(segmentCount)
    }
    await db.destroy()
  }
})
