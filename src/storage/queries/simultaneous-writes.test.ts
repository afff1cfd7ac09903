import { afterEach, beforeEach, expect, test } from 'vitest'
import { stageRewrite } from '../../../test/fixtures/chapter-rewrite.ts'
import { insertListener } from '../../../test/fixtures/listener.ts'
import { someRecipe, someRequest } from '../../../test/fixtures/generation-request.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import type { ImportReport } from '../../novel/novel.ts'
import type { Database } from '../database-tables.ts'
import { commitEdit, nextEntry } from './chapter-edit-queries.ts'
import { chaptersByGeneration, chaptersOf } from './chapter-queries.ts'
import { hiddenNovels, hideIncompleteNovels, hideNovel } from './deletion-queries.ts'
import { addFeed, feedOf } from './export-queries.ts'
import { generationById, insertGeneration, updateGeneration } from './generation-queries.ts'
import { insertNovel, lockNovel, novelById, novelsWithFiles } from './novel-queries.ts'
import { addHeard, heardOf } from './playback-queries.ts'
import {
  insertServer,
  listServers,
  type RegisteredServer,
  reserveCharacters,
  updateServer,
} from './speech-server-queries.ts'
import { knownEngines, saveEngines } from './voice-queries.ts'

// On Postgres these writes run on connections of their own, as those of several servers do.

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

test('equal requests at once are one generation', async () => {
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const chapterIds = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const generations = times(20, () => someRequest(novelId))
  const outcomes = await Promise.all(
    generations.map((generation) => insertGeneration(db, generation, [someRecipe], chapterIds)),
  )
  const inserted = generations.filter((_, at) => outcomes[at] === undefined)
  expect(inserted).toHaveLength(1)
  for (const outcome of outcomes) if (outcome) expect(outcome).toMatchObject({ id: inserted[0]?.id })
})

/** Several ways to the database within a transaction: enough for what is begun meanwhile to come to its end, if it can. */
async function linger(commit: Database): Promise<void> {
  for (let at = 0; at < 30; at++) await commit.selectFrom('novels').select('id').execute()
}

/** A connection that is opened only then would come too late. */
const openConnections = () =>
  Promise.all(times(4, () => db.transaction().execute((commit) => linger(commit))))

test('a request that is written while an edit of its chapter waits has the new chapter then', async () => {
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const chapters = await chaptersOf(db, novelId)
  const edit = await stageRewrite(db, chapters[0]!, smallChapter('Chapter 1', ['Another.']))
  const planned: string[] = []
  const commit = () =>
    commitEdit(db, novelId, edit, async (_, generationIds) => void planned.push(...generationIds))
  let editing: ReturnType<typeof commit> | undefined
  await openConnections()
  const generation = someRequest(novelId)
  const ids = chapters.map(({ id }) => id)
  const asked = await insertGeneration(db, generation, [someRecipe], ids, (within) => {
    editing = commit()
    return linger(within)
  })
  expect([asked, (await editing)?.generationIds]).toEqual([undefined, [generation.id]])
  expect(planned).toEqual([generation.id])
  const now = await chaptersOf(db, novelId)
  expect(now.map(({ id }) => id)).toEqual([edit.after[0]!.id, ids[1]])
  expect(await chaptersByGeneration(db, generation.id)).toEqual(now)
  // An equal request finds it.
  const again = await insertGeneration(
    db,
    someRequest(novelId),
    [someRecipe],
    now.map(({ id }) => id),
  )
  expect(again).toMatchObject({ id: generation.id })
})

test('a request that waits for an edit of its chapter is outdated, and nothing of it is stored', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const [chapter] = await chaptersOf(db, novelId)
  const edit = await stageRewrite(db, chapter!, smallChapter('Chapter 1', ['Another.']))
  await openConnections()
  const generation = someRequest(novelId)
  const ask = () => insertGeneration(db, generation, [someRecipe], [chapter!.id])
  let asking: ReturnType<typeof ask> | undefined
  const edited = await commitEdit(db, novelId, edit, (commit) => {
    asking = ask()
    return linger(commit)
  })
  expect([edited?.generationIds, await asking]).toEqual([[], 'outdated'])
  expect(await generationById(db, generation.id)).toBeUndefined()
  expect((await chaptersOf(db, novelId)).map(({ id }) => id)).toEqual([edit.after[0]!.id])
})

test('a request for a chapter of a novel that is hidden meanwhile is outdated', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const [chapter] = await chaptersOf(db, novelId)
  await hideNovel(db, novelId)
  expect(await insertGeneration(db, someRequest(novelId), [someRecipe], [chapter!.id])).toBe('outdated')
})

test('of several edits of a chapter at once one is done', async () => {
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  const edits = await Promise.all(
    times(5, (at) => stageRewrite(db, one!, smallChapter('Chapter 1', [`Another ${at}.`]))),
  )
  const done = await Promise.all(edits.map((edit) => commitEdit(db, novelId, edit, () => Promise.resolve())))
  expect(done.filter(Boolean)).toHaveLength(1)
  const { after } = edits[done.findIndex(Boolean)]!
  expect((await chaptersOf(db, novelId)).map(({ id }) => id)).toEqual([after[0]!.id, two!.id])
  expect(await nextEntry(db, novelId, 'undo')).toMatchObject({ number: 1, after })
})

test('a novel that is locked is not hidden, and has generations added by nobody else', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const order: string[] = []
  const locked = Promise.withResolvers<void>()
  const working = db.transaction().execute(async (commit) => {
    expect(await lockNovel(commit, novelId)).toBe(true)
    locked.resolve()
    await commit.selectFrom('novels').select('id').execute()
    order.push('worked')
  })
  await locked.promise
  const hiding = hideNovel(db, novelId).then(() => order.push('hidden'))
  await Promise.all([working, hiding])
  expect(order).toEqual(['worked', 'hidden'])
})

test('a desired state is changed by the one that has read it', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const [chapter] = await chaptersOf(db, novelId)
  const generation = someRequest(novelId)
  await insertGeneration(db, generation, [someRecipe], [chapter!.id])
  const desiredStates = ['paused', 'cancelled', 'paused', 'cancelled'] as const
  const changed = await Promise.all(
    desiredStates.map((desiredState) => updateGeneration(db, generation.id, { desiredState }, 'run')),
  )
  expect(changed.filter(Boolean)).toHaveLength(1)
  expect((await generationById(db, generation.id))?.desiredState).toBe(desiredStates[changed.indexOf(true)])
})

test('what is heard on several devices at once is all kept', async () => {
  const novelId = await insertSmallNovel(db, [times(40, (index) => `Sentence ${index}.`)])
  const of = { listener: 'me', novelId, chapterNumber: 1 }
  await insertListener(db, 'me')
  await Promise.all(times(20, (index) => addHeard(db, of, [2 * index, 2 * index])))
  const [heard] = await heardOf(db, 'me', novelId)
  expect(heard?.segments).toBe(20)
})

function server(changes: Partial<RegisteredServer['server']> = {}): RegisteredServer {
  const known = {
    name: '',
    title: 'Desk',
    address: 'http://desk:8880/v1',
    model: 'kokoro',
    parallel: 1,
    charactersPerRequest: 4096,
    ...changes,
  }
  return { server: known, voices: ['one'], voicesListed: true }
}

test('speech servers added at once have names of their own, and changes at once are all kept', async () => {
  const nameFor = (taken: ReadonlySet<string>) => `desk-${taken.size}`
  await Promise.all(times(10, () => insertServer(db, server(), nameFor)))
  expect((await listServers(db)).map(({ server: { name } }) => name)).toEqual(
    times(10, (index) => `desk-${index}`),
  )
  const more = (known: RegisteredServer) => ({
    ...known,
    server: { ...known.server, parallel: known.server.parallel + 1 },
  })
  await Promise.all(times(10, () => updateServer(db, 'desk-3', more)))
  const changed = (await listServers(db)).find(({ server: { name } }) => name === 'desk-3')
  expect(changed?.server.parallel).toBe(11)
})

test('characters reserved at once stay within the limit of a server', async () => {
  await insertServer(db, server({ charactersPerMonth: 1000 }), () => 'desk')
  const reserved = await Promise.all(times(20, () => reserveCharacters(db, 'desk', '2026-11', 120)))
  expect(reserved.filter(Boolean)).toHaveLength(8)
})

test('engines that several servers store at once are those of one', async () => {
  const engines = (version: string) => [
    { name: 'espeak', version, voices: [] },
    { name: 'hibari', version, voices: [] },
  ]
  await Promise.all(times(5, (index) => saveEngines(db, engines(`1.${index}`))))
  const [first, second] = await knownEngines(db)
  expect(first?.version).toBe(second?.version)
})

test('a listener’s feed is added once, and to no novel that is hidden', async () => {
  const [novelId, hidden] = [await insertSmallNovel(db, [['One.']]), await insertSmallNovel(db, [['Two.']])]
  const added = await Promise.all(times(5, () => addFeed(db, { listener: 'home', novelId })))
  expect(added.filter(Boolean)).toHaveLength(1)
  await hideNovel(db, hidden)
  const none = { listener: 'home', novelId: hidden }
  expect(await addFeed(db, none)).toBe(false)
  expect(await feedOf(db, none)).toBeUndefined()
})

test.runIf(onPostgres)(
  'a novel that is being imported is hidden when its lease has lapsed, not before',
  async () => {
    const read = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    async function* chapters() {
      yield [smallChapter('Chapter 1', ['One.'])]
      begun.resolve()
      await read.promise
    }
    const report: ImportReport = {
      format: 'text',
      evidence: 'whole-text',
      chapters: 1,
      characters: 4,
      skipped: {},
      remarks: [],
    }
    const head = { title: 'Long', author: 'Nobody', language: 'en', report } as const
    const importNovel = (id: string) =>
      insertNovel(db, { id, sha256: `sha-${id}`, sourceName: 'long.txt', head, chapters: chapters() })
    const importing = importNovel('long')
    await begun.promise
    expect(await hideIncompleteNovels(db)).toBe(0)
    expect(await novelsWithFiles(db)).toEqual(['long'])
    read.resolve()
    await importing
    expect(await novelById(db, 'long')).toBeDefined()

    const values = { title: 'Dead', author: '', language: 'en', metadata: '{}', report: '{}', createdAt: '' }
    const dead = {
      ...values,
      id: 'dead',
      sourceSha256: 'f',
      sourceName: 'f.txt',
      importUntil: Date.now() - 5000,
    }
    await db.insertInto('novels').values(dead).execute()
    expect(await novelsWithFiles(db)).toEqual(['long'])
    expect(await hideIncompleteNovels(db)).toBe(1)
    expect(await hideIncompleteNovels(db)).toBe(0)
    expect(await hiddenNovels(db)).toEqual(['dead'])
  },
)
