import { afterAll, expect, test, vi } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { addHeard, savePosition } from '../src/storage/queries/playback-queries.ts'
import { changeSettings } from '../src/storage/queries/listener-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { startApplication } from './program/in-process-application.ts'
import { fewestStatementsOf, statementsOf } from './program/recorded-statements.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const { db } = application

const shelf = async () => (await api.json<{ novels: Novel[] }>('/api/novels?limit=100')).novels

test('what a listener has of the novels of a shelf is asked for all of them at once', async () => {
  const ids: string[] = []
  for (let at = 0; at < 12; at++) {
    const novelId = await insertSmallNovel(db, [[`First ${at}.`, `Second ${at}.`], [`Third ${at}.`]])
    ids.push(novelId)
    const of = { listener: 'home', novelId }
    await savePosition(db, of, { chapterNumber: 2, segment: 0, seconds: at })
    await addHeard(db, { ...of, chapterNumber: 1 }, [0, at % 2])
    await changeSettings(db, of, { player: { rate: 1 + at / 10 } })
  }
  await shelf()
  const read = (await statementsOf(shelf)).map(({ sql: text }) => text)
  // One each; what works in the background reads some of its own.
  for (const table of ['chapters', 'positions', 'heard', 'novelSettings'])
    expect(read.filter((text) => text.includes(`from "${table}"`)).length, table).toBeLessThan(ids.length / 2)

  const listed = new Map((await shelf()).map((novel) => [novel.id, novel]))
  for (const [at, id] of ids.entries()) {
    const { novel } = await api.json<{ novel: Novel }>(`/api/novels/${id}`)
    const { ribbon, ...same } = listed.get(id)!
    expect(same).toEqual(novel)
    expect(same).toMatchObject({
      segmentsHeard: 1 + (at % 2),
      position: { chapterNumber: 2, seconds: at },
      left: { chapterNumber: 2 },
      rate: 1 + at / 10,
    })
    expect(ribbon?.map(({ heard, segments }) => [heard, segments])).toEqual([
      [1 + (at % 2), 2],
      [0, 1],
    ])
  }
})

test('the ribbon of a list holds many chapters in few parts, and none where it says nothing', async () => {
  const { novel } = await api.add(longStory(150, 2), 'long.txt')
  const listed = async () => (await shelf()).find(({ id }) => id === novel.id)!
  expect((await listed()).ribbon).toBeUndefined()
  const of = { listener: 'home', novelId: novel.id }
  for (const chapterNumber of [1, 2, 3, 150]) await addHeard(db, { ...of, chapterNumber }, [0, 1])
  const { ribbon, segmentsTotal, segmentsHeard } = await listed()
  const sum = (of: (part: NonNullable<typeof ribbon>[number]) => number) =>
    ribbon!.reduce((all, part) => all + of(part), 0)
  expect(ribbon).toHaveLength(60)
  expect(sum(({ chapters }) => chapters)).toBe(150)
  expect(sum(({ segments }) => segments)).toBe(segmentsTotal)
  expect(sum(({ heard }) => heard)).toBe(segmentsHeard)
  expect(sum(({ complete }) => complete)).toBe(0)
  expect(ribbon!.at(-1)).toMatchObject({ chapterNumber: 148, chapters: 3, heard: 2 })
})

test('a list parses the report of an import once, and asks which chapters were requested only of those that are begun', async () => {
  const { novel } = await api.add(longStory(31, 2), 'asked-for.txt')
  await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  const { report } = await db
    .selectFrom('novels')
    .select('report')
    .where('id', '=', novel.id)
    .executeTakeFirstOrThrow()
  using parsing = vi.spyOn(JSON, 'parse')
  await shelf()
  expect(parsing.mock.calls.filter(([text]) => text === report)).toHaveLength(1)
  const read = (await fewestStatementsOf(shelf)).map(({ sql: text }) => text)
  expect(read.filter((text) => /^select distinct .*"generationChapters"/.test(text))).toEqual([])
})
