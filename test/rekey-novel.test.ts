import { expect, test } from 'vitest'
import { rekeyNovel, type RewriteChapter } from '../src/jobs/import/rekey-novel.ts'
import type { SegmentsChange } from '../src/novel/segment.ts'
import { chaptersOf, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { completeGeneration } from '../src/storage/queries/completion-queries.ts'
import {
  equalGenerations,
  generationById,
  insertGeneration,
} from '../src/storage/queries/generation-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from '../src/storage/queries/playback-queries.ts'
import { singleVoice } from '../src/novel/casting.ts'
import { recipeHash, textHash } from '../src/novel/clip.ts'
import { rewriteChapter } from './fixtures/chapter-rewrite.ts'
import { insertSmallNovel, smallChapter } from './fixtures/small-novel.ts'
import { startApplication } from './program/in-process-application.ts'
import { openTestStorage } from './program/open-storage.ts'
import { storageSettings } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

/** Every chapter's sentences as `change` makes them; a chapter that it leaves alone stays. */
function rewriteTexts(
  change: (sentences: string[], number: number) => string[] | undefined,
  moved?: SegmentsChange,
) {
  const rewrite: RewriteChapter = (chapter, text) => {
    const sentences = (JSON.parse(text.segments) as { spoken: string }[]).map(({ spoken }) => spoken)
    const changed = change(sentences, chapter.number)
    if (!changed) return undefined
    return { text: smallChapter(chapter.title, changed), ...(moved && { change: moved }) }
  }
  return rewrite
}

const words = (text: string): string => textHash(text, 'paragraph')

type Here = Awaited<ReturnType<typeof startApplication>>

async function clipWords({ application }: Here): Promise<string[]> {
  const rows = await application.db.selectFrom('clips.clips').select('words').execute()
  return rows.map((row) => bytesToHash(row.words)).sort()
}

test('only what changed is spoken again, and a finished generation ends again by itself', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { db } = application
  const novelId = await insertSmallNovel(db, [
    ['Aoife came.', 'It rained.'],
    ['Aoife went.', 'It was dry.'],
    ['The end.'],
  ])
  const other = await insertSmallNovel(db, [['Aoife came.']])
  const progressId = await api.generate(novelId)
  await api.finished(progressId)
  await api.finished(await api.generate(other))
  const before = await chaptersOf(db, novelId)
  const spoken: string[] = []
  const subscription = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken')
      spoken.push(`${event.segment.chapterNumber}/${event.segment.index}`)
  })
  const audio = async (number: number) =>
    Buffer.from(await (await api.fetch(`/api/novels/${novelId}/chapters/${number}/audio.m4a`)).arrayBuffer())
  const third = await audio(3)

  const say = (sentences: string[]) => sentences.map((text) => text.replace('Aoife', 'Eefa'))
  expect(await rekeyNovel(application, novelId, rewriteTexts(say))).toBe(2)
  await waitUntil(() => spoken.length === 2)
  expect(await api.finished(progressId)).toMatchObject({
    id: progressId,
    status: 'completed',
    segmentsTotal: 5,
  })
  expect(spoken.sort()).toEqual(['1/0', '2/0'])
  const after = await chaptersOf(db, novelId)
  expect(after.map(({ number, title, narrated }) => [number, title, narrated])).toEqual(
    before.map(({ number, title, narrated }) => [number, title, narrated]),
  )
  // Changed chapters have ids that none ever had; the other is the same row.
  expect(after[2]?.id).toBe(before[2]?.id)
  for (const { id } of after.slice(0, 2)) expect(before.every((old) => old.id < id)).toBe(true)
  expect(await audio(3)).toEqual(third)
  // The old sentence is another novel's, too, so its clip stays; the one that nobody has any more goes.
  const texts = ['Eefa came.', 'It rained.', 'Eefa went.', 'It was dry.', 'The end.', 'Aoife came.']
  await waitUntil(async () => (await clipWords(here)).length === texts.length)
  expect(await clipWords(here)).toEqual(texts.map(words).sort())
  expect(await api.generate(novelId)).toBe(progressId)
  await waitUntil(async () => (await db.selectFrom('novels').selectAll().execute()).length === 2)
  expect(await rekeyNovel(application, novelId, rewriteTexts(say))).toBe(0)
  subscription[Symbol.dispose]()
})

test('what was heard, the position and the choice of chapters stay, and move where segments came', async () => {
  await using here = await startApplication({ work: false })
  const { db } = here.application
  const novelId = await insertSmallNovel(db, [
    ['One.', 'Two.', 'Three.'],
    ['Four.', 'Five.'],
  ])
  const of = { listener: 'home', novelId }
  await addHeard(db, { ...of, chapterNumber: 1 }, [0, 2])
  await addHeard(db, { ...of, chapterNumber: 2 }, [1, 1])
  await savePosition(db, { listener: 'home', novelId }, { chapterNumber: 1, segment: 2, seconds: 3 })
  await db
    .updateTable('chapters')
    .set({ narrated: 0 })
    .where('novelId', '=', novelId)
    .where('number', '=', 2)
    .execute()
  const insert = rewriteTexts(
    (sentences, number) => (number === 1 ? [sentences[0]!, 'New.', ...sentences.slice(1)] : undefined),
    { at: 1, removed: 0, added: 1 },
  )
  expect(await rekeyNovel(here.application, novelId, insert)).toBe(1)
  const loud = rewriteTexts((sentences) => sentences.map((text) => text.toUpperCase()))
  expect(await rekeyNovel(here.application, novelId, loud)).toBe(2)
  const heard = await heardOf(db, 'home', novelId)
  expect(heard.map(({ chapterNumber, ranges }) => [chapterNumber, ranges])).toEqual([
    [
      1,
      [
        [0, 0],
        [2, 3],
      ],
    ],
    [2, [[1, 1]]],
  ])
  expect(await positionOf(db, { listener: 'home', novelId })).toMatchObject({ chapterNumber: 1, segment: 3 })
  expect(
    (await chaptersOf(db, novelId)).map(({ narrated, segmentCount }) => [narrated, segmentCount]),
  ).toEqual([
    [1, 4],
    [0, 2],
  ])
})

test('another reader sees all of the old texts or all of the new ones at every moment', async () => {
  await using here = await startApplication({ work: false })
  const { data } = here
  const { db } = here.application
  const chapters = Array.from({ length: 60 }, (_, at) =>
    Array.from({ length: 20 }, (__, no) => `Old ${at} ${no}.`),
  )
  const novelId = await insertSmallNovel(db, chapters)
  // Another connection; the server's own are several where it has a pool of them.
  const pooled = storageSettings(data).NIGHTJAR_DATABASE !== undefined
  const reader = pooled ? db : await openTestStorage(data)
  const read = async () => {
    const rows = await reader
      .selectFrom('chapters')
      .innerJoin('chapterTexts', 'chapterId', 'chapters.id')
      .select('segments')
      .where('novelId', '=', novelId)
      .execute()
    const changed = rows.filter(({ segments }) => segments.includes('New ')).length
    return { chapters: rows.length, changed, kept: rows.length - changed }
  }
  const seen: unknown[] = []
  const done = new AbortController()
  const watching = (async () => {
    while (!done.signal.aborted) {
      seen.push(await read())
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  const renew = rewriteTexts((sentences) => sentences.map((text) => text.replace('Old', 'New')))
  await rekeyNovel(here.application, novelId, renew)
  done.abort()
  await watching
  seen.push(await read())
  if (!pooled) await reader.destroy()
  const [old, fresh] = [
    { chapters: 60, changed: 0, kept: 60 },
    { chapters: 60, changed: 60, kept: 0 },
  ]
  expect(seen[0]).toEqual(old)
  expect(seen.at(-1)).toEqual(fresh)
  const turned = seen.findIndex((each) => JSON.stringify(each) === JSON.stringify(fresh))
  expect(seen.slice(0, turned)).toEqual(seen.slice(0, turned).map(() => old))
  expect(seen.slice(turned)).toEqual(seen.slice(turned).map(() => fresh))
})

test('a chapter that is edited meanwhile is rewritten as it is then', async () => {
  await using here = await startApplication({ work: false })
  const { db } = here.application
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  let rounds = 0
  const rewrite: RewriteChapter = async (chapter, text) => {
    const [, second] = await chaptersOf(db, novelId)
    if (chapter.number === 1 && rounds++ === 0) {
      await rewriteChapter(db, second!, smallChapter('Chapter 2', ['Two.', 'Restored.']))
      // What was read before the edit is staged for the chapter that it was read of.
      await rewriteChapter(db, chapter, smallChapter('Chapter 1', ['One.', 'More.']))
    }
    return rewriteTexts((sentences) => sentences.map((sentence) => sentence.toUpperCase()))(chapter, text)
  }
  await rekeyNovel(here.application, novelId, rewrite)
  expect(rounds).toBe(2)
  const texts = []
  for (const { id } of await chaptersOf(db, novelId))
    texts.push((await segmentsOf(db, id)).map(({ spoken }) => spoken))
  expect(texts).toEqual([
    ['ONE.', 'MORE.'],
    ['TWO.', 'RESTORED.'],
  ])
})

test('a rewrite that fails changes nothing and leaves nothing', async () => {
  await using here = await startApplication()
  const { db } = here.application
  const novelId = await insertSmallNovel(db, [
    Array.from({ length: 1200 }, (_, at) => `One ${at}.`),
    ['Two.'],
  ])
  const before = await chaptersOf(db, novelId)
  const rewrite = rewriteTexts((sentences, number) => {
    if (number === 2) throw new Error('the lexicon broke')
    return sentences.map((text) => text.toUpperCase())
  })
  await expect(rekeyNovel(here.application, novelId, rewrite)).rejects.toThrow('the lexicon broke')
  await expect(
    rekeyNovel(
      here.application,
      novelId,
      rewriteTexts(() => ['Never.']),
      AbortSignal.abort(new Error('stopped')),
    ),
  ).rejects.toThrow('stopped')
  expect(await chaptersOf(db, novelId)).toEqual(before)
  await waitUntil(async () => (await db.selectFrom('novels').selectAll().execute()).length === 1)
  await expect(rekeyNovel(here.application, 'none', rewrite)).rejects.toMatchObject({ code: 'novel.unknown' })
})

test('a generation that was summed up before its chapters changed does not end as it was', async () => {
  await using here = await startApplication({ work: false })
  const { application } = here
  const { db } = application
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const before = await chaptersOf(db, novelId)
  const id = '019a0000-0000-7000-8000-00000000b001'
  const recipe = application.voices.recipe({ voice: 'espeak:en-us', speed: 1, language: 'en' })
  const asked = { id, novelId, voice: recipe.voice, speed: 1, priority: 0, desiredState: 'run' as const }
  const generation = {
    ...asked,
    casting: singleVoice(recipeHash(recipe)),
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  const ids = before.map((chapter) => chapter.id)
  await insertGeneration(db, generation, [recipe], ids)
  await rekeyNovel(
    application,
    novelId,
    rewriteTexts((_, number) => (number === 2 ? ['Two, again.'] : undefined)),
  )
  expect(await completeGeneration(db, id, before)).toBe(false)
  expect((await generationById(db, id))?.completedAt).toBeUndefined()
  const after = await chaptersOf(db, novelId)
  expect(
    await equalGenerations(
      db,
      novelId,
      after.map((chapter) => chapter.id),
    ),
  ).toMatchObject([{ id, casting: generation.casting }])
  expect(await completeGeneration(db, id, after)).toBe(true)
  expect(await completeGeneration(db, id, after)).toBe(false)
})
