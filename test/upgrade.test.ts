import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import { migrations } from '../src/storage/sqlite/sqlite-migrator.ts'
import { longStory } from './fixtures/long-story.ts'
import { OlderDatabase } from './fixtures/older-database.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

type Row = Record<string, SQLInputValue>

const sameRow = (row: Row): Row => row

/** Tables of version 11, in an order in which each refers to those before, with what was called otherwise then. */
const tables: readonly (readonly [name: string, before: (row: Row) => Row])[] = [
  ['novels', sameRow],
  ['chapters', sameRow],
  ['chapterTexts', sameRow],
  ['segments', sameRow],
  ['recipes', sameRow],
  ['generations', ({ casting, ...row }) => ({ ...row, recipe: casting!, completedAt: null })],
  ['generationChapters', sameRow],
  ['engines', sameRow],
]

test('a novel that an older version has half spoken is finished as it was begun, and sounds as it would have', async () => {
  await using whole = await temporaryFolder()
  await using half = await temporaryFolder()
  const address = (novelId: string) => `/api/novels/${novelId}/chapters/1/audio.m4a`
  const listen = async (api: { fetch(path: string): Promise<Response> }, novelId: string) => {
    const response = await api.fetch(address(novelId))
    expect(response.status).toBe(200)
    return { etag: response.headers.get('etag'), bytes: Buffer.from(await response.arrayBuffer()) }
  }
  let novelId = ''
  let progressId = ''
  let before: Awaited<ReturnType<typeof listen>>
  {
    await using here = await startApplication({ data: whole.path })
    novelId = (await here.api.add(longStory(1, 12), 'story.txt')).novel.id
    progressId = await here.api.generate(novelId)
    await here.api.finished(progressId)
    before = await listen(here.api, novelId)
  }
  let missing = 0
  {
    using now = new DatabaseSync(`${whole.path}/nightjar.db`, { readOnly: true })
    using older = new OlderDatabase(11, half.path)
    for (const [name, before] of tables)
      older.insertWithoutNew(name, (now.prepare(`SELECT * FROM ${name}`).all() as Row[]).map(before))
    using clips = new DatabaseSync(`${whole.path}/clips.db`, { readOnly: true })
    const rows = clips.prepare('SELECT * FROM clips ORDER BY id').all() as Row[]
    older.insertAll('clips.clips', rows.slice(0, rows.length / 2))
    missing = rows.length - Math.floor(rows.length / 2)
  }
  await using here = await startApplication({ data: half.path, unready: true })
  let spoken = 0
  here.application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken') spoken++
  })
  expect(await here.api.finished(progressId)).toMatchObject({ id: progressId, novelId, status: 'completed' })
  // Some may have been spoken before anybody listened.
  expect(spoken).toBeLessThanOrEqual(missing)
  expect(await listen(here.api, novelId)).toEqual(before)
  expect(await here.api.generate(novelId)).toBe(progressId)
  const { clips } = (await here.application.db
    .selectFrom('clips.clips')
    .select(({ fn }) => fn.countAll<number>().as('clips'))
    .executeTakeFirst()) ?? { clips: 0 }
  expect(clips).toBe(missing + Math.floor(clips / 2))
})

const program = fileURLToPath(new URL('./program/open-database-process.ts', import.meta.url))

test('an upgrade that is cut short by a power failure is whole or has not begun', async () => {
  await using folder = await temporaryFolder()
  const [segments, perChapter] = [60_000, 100]
  {
    using older = new OlderDatabase(11, folder.path)
    const ids = older.insertNovel('novel', [])
    expect(ids).toEqual([])
    const pad = new Uint8Array(16)
    older.insertAll(
      'chapters',
      Array.from({ length: segments / perChapter }, (_, at) => ({
        id: at + 1,
        novelId: 'novel',
        number: at + 1,
        title: 'One',
        part: null,
        matter: 'body',
        narrated: 1,
        characters: 1,
        segmentCount: perChapter,
      })),
    )
    older.insertAll(
      'segments',
      Array.from({ length: segments }, (_, at) => ({
        chapterId: Math.floor(at / perChapter) + 1,
        idx: at % perChapter,
        words: Buffer.from(at.toString(16).padStart(32, '0'), 'hex'),
      })),
    )
    older.insert('recipes', {
      hash: pad,
      voice: 'odd:hum',
      speed: 1,
      engine: 'odd-1',
      studio: '1',
      pauses: '{}',
    })
    for (let at = 0; at < 50; at++) {
      const generation = {
        id: `g${at}`,
        novelId: 'novel',
        recipe: pad,
        priority: 0,
        wish: 'run',
        chapterSet: pad,
      }
      older.insert('generations', { ...generation, createdAt: '2026-01-01T00:00:00.000Z' })
      older.insertAll(
        'generationChapters',
        [1, 2, 3].map((chapterId) => ({ generationId: generation.id, chapterId })),
      )
    }
  }
  const files = {
    folder: folder.path,
    nightjar: `${folder.path}/nightjar.db`,
    clips: `${folder.path}/clips.db`,
  }
  for (let kill = 0; kill < 6; kill++) {
    const child = spawn(process.execPath, [program, files.folder, files.nightjar, files.clips], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await wait(kill * 8)
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    using sqlite = new DatabaseSync(files.nightjar)
    const version = sqlite.prepare('PRAGMA user_version').get()?.['user_version']
    // Each migration is a transaction of its own, so a kill between two of them leaves the first whole.
    const wholeVersions = migrations.main.map((_, at) => at + 1).slice(10)
    expect(wholeVersions).toContain(version)
    expect(sqlite.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    const columns = sqlite.prepare(`SELECT name FROM pragma_table_info('generations')`).all()
    expect(columns.some(({ name }) => name === (version === 11 ? 'recipe' : 'casting'))).toBe(true)
    const tokens = sqlite.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'accessTokens'`).all()
    expect(tokens).toHaveLength(Number(version) >= 13 ? 1 : 0)
    expect(sqlite.prepare('SELECT count(*) AS n FROM generations').get()).toEqual({ n: 50 })
    expect(sqlite.prepare('SELECT count(*) AS n FROM generationChapters').get()).toEqual({ n: 150 })
  }
  const { db } = openDatabase(files)
  expect(await chaptersOf(db, 'novel')).toHaveLength(segments / perChapter)
  const { rows, roles } = await db
    .selectFrom('segments')
    .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.sum<number>('role').as('roles')])
    .executeTakeFirstOrThrow()
  expect([rows, roles]).toEqual([segments, 0])
  await db.destroy()
})
