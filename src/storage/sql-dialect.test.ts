import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../test/fixtures/small-novel.ts'
import { countNovels, listNovels, novelById } from './queries/novel-queries.ts'

const folder = new URL('./queries/', import.meta.url)

/** Postgres reads a name without quotes in lower case. */
test('names with capitals are quoted in every statement that is written out', () => {
  const unquoted: string[] = []
  for (const name of readdirSync(folder).filter((file) => !file.endsWith('.test.ts'))) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    for (const [, statement = ''] of text.matchAll(/\bsql(?:<[^`]*>)?`([^`]*)`/g)) {
      const plain = statement
        .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '')
        .replaceAll(/"[^"]*"|'[^']*'/g, '')
      unquoted.push(...(plain.match(/\b[a-z]+[A-Z]\w*/g) ?? []).map((word) => `${name}: ${word}`))
    }
  }
  expect(unquoted).toEqual([])
})

test('a search ignores the case of ASCII, and titles are in its order', async () => {
  const db = await emptyDatabase()
  const titles = ['beta', 'Alpha', 'alpha 2', 'Émile', 'zebra 100%', 'zebra_1']
  for (const title of titles) {
    const id = await insertSmallNovel(db, [['Yes.']])
    await db.updateTable('novels').set({ title }).where('id', '=', id).execute()
  }
  const found = async (search?: string) =>
    (await listNovels(db, { search, order: 'title', limit: 10, offset: 0 })).map(({ title }) => title)
  expect(await found()).toEqual(['Alpha', 'alpha 2', 'beta', 'zebra 100%', 'zebra_1', 'Émile'])
  expect(await found('ALPHA')).toEqual(['Alpha', 'alpha 2'])
  expect(await found('0%')).toEqual(['zebra 100%'])
  expect(await found('a_1')).toEqual(['zebra_1'])
  expect(await countNovels(db, 'nobody')).toBe(titles.length)
  await db.destroy()
})

test('a title with U+0000, which Postgres does not take, is stored', async () => {
  const db = await emptyDatabase()
  const id = await insertSmallNovel(db, [['Yes.']])
  await db.updateTable('novels').set({ title: 'One\0Two' }).where('id', '=', id).execute()
  expect((await novelById(db, id))?.title).toMatch(/^One[\0\uFFFD]Two$/)
  await db.destroy()
})

test('an empty list matches nothing', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['Yes.']])
  const query = db.selectFrom('novels').select('id')
  expect(await query.where('id', 'in', []).execute()).toEqual([])
  expect(await query.where('id', 'not in', []).execute()).toHaveLength(1)
  await db.destroy()
})
