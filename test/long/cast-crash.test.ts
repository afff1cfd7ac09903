import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { castStateOf, castOf, wantAnalysis } from '../../src/storage/queries/cast-queries.ts'
import { countUnread } from '../../src/storage/queries/chapter-line-queries.ts'
import { chaptersOf, segmentsOf } from '../../src/storage/queries/chapter-queries.ts'
import { insertSmallNovel } from '../fixtures/small-novel.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/cast-process.ts', import.meta.url))
const kills = 3

const sentences = [
  '“Who is there?” asked Anna.',
  '“It is Ben, and the rain,” said Ben.',
  '“Then come in,” said Anna. “Come.”',
]

test('a cast that is applied when the power fails is in all of the book or in none of it', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  let novelId = ''
  {
    await using here = await startApplication({ data, work: false })
    const { application } = here
    novelId = await insertSmallNovel(application.db, [
      sentences,
      ['It rained.'],
      [...sentences, '“Yes,” said Ben.'],
    ])
    // As a server that was killed leaves it.
    await wantAnalysis(application.db, novelId)
    application.castAnalysis.work()
    await waitUntil(async () => (await castStateOf(application.db, novelId)).analysis === 'done')
  }
  const whole: string[] = []
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [program, data, novelId], { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    while (!told.includes(kill === 0 ? 'saved' : 'applied')) await once(child.stdout, 'data')
    await wait(Math.random() * 60)
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended

    await using here = await startApplication({ data, work: false })
    const { db } = here.application
    const chapters = await chaptersOf(db, novelId)
    expect(chapters.map(({ number }) => number)).toEqual([1, 2, 3])
    const segments = await Promise.all(chapters.map(({ id }) => segmentsOf(db, id)))
    const rows = await db
      .selectFrom('segments')
      .innerJoin('chapters', 'chapters.id', 'chapterId')
      .select(['number', 'idx', 'role'])
      .where('novelId', '=', novelId)
      .orderBy('number')
      .orderBy('idx')
      .execute()
    expect(rows.map(({ role }) => role)).toEqual(segments.flat().map(({ role = 0 }) => role))
    const isCut = segments.map((chapter) => chapter.some(({ role }) => role !== undefined))
    expect([
      [true, false, true],
      [false, false, false],
    ]).toContainEqual(isCut)
    whole.push(
      segments
        .flat()
        .map(({ spoken }) => spoken)
        .join(' '),
    )
    // What is noted as being in the book is in it.
    const { cast, state } = await castOf(db, novelId)
    if (state.applied === state.version)
      expect(isCut[0]).toBe(cast.characters.some(({ voice }) => voice !== undefined))
    expect(await countUnread(db, novelId)).toBe(0)
  }
  expect(new Set(whole).size).toBe(1)
})
