import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { importReportOf } from './import-report.ts'
import { novelById } from './novel-queries.ts'
import { addHeard, heardOf } from './playback-queries.ts'
import { knownEngines, saveEngines } from './voice-queries.ts'

const garbage = '[{"id":\u0001'

test('every JSON column is read by parseStoredJson, which reports damage as a Failure', () => {
  const files = readdirSync(import.meta.dirname).filter((name) =>
    /^(?!column-values\.).*(?<!\.test)\.ts$/.test(name),
  )
  const parse = (name: string) =>
    readFileSync(`${import.meta.dirname}/${name}`, 'utf8').includes('JSON.parse')
  expect(files.filter(parse)).toEqual([])
})

test('stored engines with a damaged column are treated as none', async () => {
  const db = await emptyDatabase()
  const voice = { id: 'odd:hum', engine: 'odd', name: 'Hum', language: 'en', neural: false }
  const engines = [{ name: 'odd', version: '1', voices: [voice] }]
  await saveEngines(db, engines)
  expect(await knownEngines(db)).toEqual(engines)
  for (const voices of [garbage, '{}', '[{"id": 5}]']) {
    await db.updateTable('engines').set({ voices }).execute()
    expect(await knownEngines(db)).toEqual([])
  }
})

test('a damaged import report is replaced by one that says so; damaged heard ranges throw storage.damaged', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.']])
  for (const report of [garbage, '7', '{"format": "text"}']) {
    await db.updateTable('novels').set({ report }).execute()
    expect(importReportOf((await novelById(db, novelId))!)).toMatchObject({
      format: 'text',
      chapters: 0,
      remarks: [expect.stringContaining('damaged')],
    })
  }
  await addHeard(db, { listener: 'home', novelId, chapterNumber: 1 }, [0, 0])
  await db.updateTable('heard').set({ ranges: garbage }).execute()
  await expect(heardOf(db, 'home', novelId)).rejects.toMatchObject({ code: 'storage.damaged' })
})
